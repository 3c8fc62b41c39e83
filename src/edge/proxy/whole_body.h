// Reads a complete request body before an upstream gets the request, so that none of the upstream's workers waits for a
// client.
//
// A body of up to one buffer's size stays in memory. A larger body goes to a file of the spool.
#pragma once

#include <memory>
#include <string>

#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/proxy/forward_head.h"
#include "edge/proxy/proxy.h"
#include "edge/proxy/spool.h"
#include "net/ledger.h"
#include "net/task.h"

namespace bodega::edge {

class WholeBody {
public:
    // proxy: answers requests whose body is malformed or too slow. Requires: all arguments outlive the WholeBody.
    WholeBody(LoopContext& context, Exchange& x, Proxy& proxy);
    WholeBody(const WholeBody&) = delete;
    WholeBody& operator=(const WholeBody&) = delete;

    // True if the complete body has already arrived, so that it need not be read here.
    static bool is_here(const LoopContext& context, Exchange& x);

    // Reads the body to its end. Returns false if that failed: the client has got an answer or has left.
    net::Task<bool> take();
    // The result refers to text_ and file_. Requires: take() returned true.
    Outgoing outgoing() const;

private:
    enum class Room : std::uint8_t { there, in_file, none };

    std::size_t limit() const noexcept { return static_cast<std::size_t>(context_.options.settings.buffer); }
    bool fits() const;
    Room make_room();
    Exchange::Body read();
    net::Task<bool> spill();
    net::Task<bool> end();
    bool refuse_busy();

    LoopContext& context_;
    Exchange& x_;
    Proxy& proxy_;
    net::Charge memory_;
    std::string text_;
    std::size_t room_ = 0;             // bytes that text_ may hold
    std::shared_ptr<SpoolFile> file_;  // the bytes that were moved out of text_; may be null
};

}  // namespace bodega::edge
