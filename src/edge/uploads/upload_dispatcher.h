// Takes the bodies of requests to the app, so that none of its threads waits for a client.
//
// Of a large body the app is asked by the request's head (base/body_order.h): it refuses, or orders where the edge
// writes it. Every other is held until it is whole, then sent in one piece; what can't be held is refused. Belongs to
// its loop's thread.
#pragma once

#include <string_view>

#include "base/body_sink.h"
#include "edge/exchange/exchange.h"
#include "edge/proxy/proxy.h"
#include "net/task.h"
#include "edge/exchange/loop_context.h"

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

    // Bytes of a body of which the app is not asked.
    std::size_t limit() const noexcept { return static_cast<std::size_t>(worker_.options.settings.buffer); }
    bool is_small(const http::Framing& body) const noexcept;
    bool is_here(Exchange& x) const;
    bool may_write() const noexcept;
    Task<void> take(Exchange& x, const Rule* rule);
    Task<Held> hold(Exchange& x, Bytes& bytes, std::size_t most);
    Task<void> offer(Exchange& x, const Rule* rule, Bytes& bytes);
    Task<void> send(Exchange& x, const Rule* rule, Bytes& bytes, std::int64_t most);
    Task<std::string> ask(Exchange& x, const Rule* rule, Moment began);
    Task<void> receive(Exchange& x, const Rule* rule, base::BodyOrder order, std::string_view begun);

    Worker& worker_;
    Proxy& app_;
    Proxy& offers_;
    Proxy& reports_;
};

}  // namespace bodega::edge
