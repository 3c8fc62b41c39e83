// Reads the bodies of requests to the app, so that no thread of the app waits for a client.
//
// Before a large body is read, the app gets the request's head with an offer (base/upload_conversation.h). The app
// rejects the request, or tells the edge into which file to write the body. Every other body is read completely, then
// sent to the app with the request. If there is no memory for it, the request is rejected. Used only on its loop's
// thread.
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
    // app, offers, reports: three sets of connections to the app. `offers` sends the offers of bodies, `reports` the
    // reports on bodies that the edge writes, `app` everything else. Requires: all arguments outlive the
    // UploadDispatcher.
    UploadDispatcher(LoopContext& context, Proxy& app, Proxy& offers, Proxy& reports) noexcept
        : context_(context), app_(app), offers_(offers), reports_(reports) {}

    // Answers the request with the app's answer; see Proxy::handle. Requires: `rule` outlives the coroutine.
    net::Task<void> handle(Exchange& x, const ConfiguredRoute* rule = nullptr);

private:
    enum class Held : std::uint8_t { whole, more, failed };
    class Bytes;
    using Conversation = std::shared_ptr<base::UploadConversation>;
    using Reply = std::optional<base::UploadConversation::Reply>;

    // Returns the size of the largest body, in bytes, that is sent to the app without an offer.
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
