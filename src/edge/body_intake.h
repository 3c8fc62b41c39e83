// Takes the bodies of requests to the app, so that none of its threads waits for a client.
//
// A small body is held until it is whole, then sent in one piece. Of a large one the app is asked by the request's head
// (base/body_order.h): it refuses, takes it as it comes, or orders where the edge writes it.
// Belongs to its loop's thread.
#pragma once

#include <string_view>

#include "base/body_sink.h"
#include "edge/exchange.h"
#include "edge/proxy.h"
#include "edge/task.h"
#include "edge/worker.h"

namespace bodega::edge {

class BodyIntake {
public:
    // All outlive it. offers, reports: also to the app, for what is asked and told of bodies that the edge writes.
    BodyIntake(Worker& worker, Proxy& app, Proxy& offers, Proxy& reports) noexcept
        : worker_(worker), app_(app), offers_(offers), reports_(reports) {}

    // As Proxy::handle. Requires: the rule outlives the coroutine.
    Task<void> handle(Exchange& x, const Rule* rule = nullptr);

private:
    enum class Held : std::uint8_t { whole, more, failed };
    class Bytes;

    std::size_t limit() const noexcept { return static_cast<std::size_t>(worker_.options.settings.buffer); }
    bool is_small(const Framing& body) const noexcept;
    bool is_here(Exchange& x) const;
    bool may_write() const noexcept;
    Task<void> take(Exchange& x, const Rule* rule);
    Task<Held> hold(Exchange& x, Bytes& bytes);
    Task<void> offer(Exchange& x, const Rule* rule, std::string_view begun);
    Task<std::string> ask(Exchange& x, const Rule* rule, Moment began);
    Task<void> receive(Exchange& x, const Rule* rule, base::BodyOrder order, std::string_view begun);

    Worker& worker_;
    Proxy& app_;
    Proxy& offers_;
    Proxy& reports_;
};

}  // namespace bodega::edge
