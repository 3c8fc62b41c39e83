// Reads the bodies of requests to the app, so that none of the app's threads waits for a client.
//
// For a large body, the app first gets the request's head, with an offer (base/upload_conversation.h): it rejects the
// request, or orders where the edge writes the body. Every other body is held until it is complete, then sent at once;
// one that can't be held is rejected. Belongs to its loop's thread.
#pragma once

#include <memory>
#include <optional>

#include "base/upload_conversation.h"
#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/proxy/proxy.h"
#include "net/task.h"

namespace bodega::edge {

class UploadDispatcher {
public:
    // All arguments outlive it. `offers` and `reports` also lead to the app: for offers of bodies, and for reports on
    // bodies that the edge writes.
    UploadDispatcher(LoopContext& context, Proxy& app, Proxy& offers, Proxy& reports) noexcept
        : context_(context), app_(app), offers_(offers), reports_(reports) {}

    // As Proxy::handle. Requires: the rule outlives the coroutine.
    net::Task<void> handle(Exchange& x, const ConfiguredRoute* rule = nullptr);

private:
    enum class Held : std::uint8_t { whole, more, failed };
    class Bytes;
    using Conversation = std::shared_ptr<base::UploadConversation>;
    using Reply = std::optional<base::UploadConversation::Reply>;

    // Largest body, in bytes, that is sent to the app without an offer.
    std::size_t limit() const noexcept { return static_cast<std::size_t>(context_.options.settings.buffer); }
    bool is_small(const http::Framing& body) const noexcept;
    bool is_here(Exchange& x) const;
    bool may_write() const noexcept;
    net::Task<void> take(Exchange& x, const ConfiguredRoute* rule);
    net::Task<Held> hold(Exchange& x, Bytes& bytes, std::size_t max);
    net::Task<void> offer(Exchange& x, const ConfiguredRoute* rule, Bytes& bytes, Conversation conversation);
    net::Task<void> send(Exchange& x, const ConfiguredRoute* rule, Bytes& bytes, std::int64_t max);
    net::Task<Reply> ask(Exchange& x, const ConfiguredRoute* rule, Conversation conversation, net::Moment began);

    LoopContext& context_;
    Proxy& app_;
    Proxy& offers_;
    Proxy& reports_;
};

}  // namespace bodega::edge
