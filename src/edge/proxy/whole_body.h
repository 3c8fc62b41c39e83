// Takes a request's body whole before an upstream is asked: none of its workers then waits for a client.
//
// As much as a buffer holds stays in memory, more goes to a file of the spool.
#pragma once

#include <memory>
#include <string>

#include "edge/exchange/exchange.h"
#include "edge/proxy/forward_head.h"
#include "net/ledger.h"
#include "edge/proxy/proxy.h"
#include "edge/proxy/spool.h"
#include "net/task.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class WholeBody {
public:
    // All outlive it. `proxy` answers for what the client did wrong.
    WholeBody(Worker& worker, Exchange& x, Proxy& proxy);
    WholeBody(const WholeBody&) = delete;
    WholeBody& operator=(const WholeBody&) = delete;

    // Whether it has come already, so that nothing needs to be taken.
    static bool is_here(const Worker& worker, Exchange& x);

    // To the body's end; false: there is none, and the client was answered or has left.
    Task<bool> take();
    // Good as long as this object. Requires: take() said true.
    Outgoing outgoing() const;

private:
    enum class Room : std::uint8_t { there, in_file, none };

    std::size_t limit() const noexcept { return static_cast<std::size_t>(worker_.options.settings.buffer); }
    bool fits() const;
    Room make_room();
    Exchange::Body read();
    Task<bool> spill();
    Task<bool> end();
    bool refuse_busy();

    Worker& worker_;
    Exchange& x_;
    Proxy& proxy_;
    Charge memory_;
    std::string text_;
    std::size_t room_ = 0;             // bytes that text_ may have
    std::shared_ptr<SpoolFile> file_;  // what is not in text_; null: all is
};

}  // namespace bodega::edge
