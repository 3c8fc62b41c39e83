#include "edge/uploads/upload_dispatcher.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"
#include "edge/exchange/answer.h"
#include "edge/uploads/upload_receiver.h"

namespace bodega::edge {
namespace {

// The memory for a body that is received as a whole grows by this many bytes.
constexpr std::size_t kStep = 16 << 10;

// Waits for `time`. Returns false if the client leaves or closes its sending direction meanwhile.
net::Task<bool> pause(Exchange& x, net::Moment time) {
    net::Wakeup& wakeup = x.wakeup();
    for (const net::Moment until = wakeup.loop().now() + time; wakeup.loop().now() < until;) {
        net::Wake wake = co_await wakeup.wait(until);
        if (wake == net::Wake::cancelled || x.gone() || x.half_closed()) co_return false;
    }
    co_return true;
}

}  // namespace

// The received bytes of a body. Their memory is counted in the client's ledger.
class UploadDispatcher::Bytes {
public:
    explicit Bytes(net::Ledger& ledger) noexcept : ledger_(ledger) { ledger_.count(0, text.capacity()); }
    ~Bytes() { ledger_.count(text.capacity(), 0); }
    Bytes(const Bytes&) = delete;

    void resize(std::size_t size) {
        std::size_t before = text.capacity();
        text.resize(size);
        ledger_.count(before, text.capacity());
    }
    bool may_grow() const noexcept { return !ledger_.full(); }

    std::string text;

private:
    net::Ledger& ledger_;
};

net::Task<void> UploadDispatcher::handle(Exchange& x, const ConfiguredRoute* rule) {
    return is_here(x) ? app_.handle(x, rule) : take(x, rule);
}

bool UploadDispatcher::is_small(const http::Framing& body) const noexcept {
    return body.kind == http::Framing::Kind::length && body.length <= limit();
}

// True if the request has no body, or if its small body has arrived together with the head.
bool UploadDispatcher::is_here(Exchange& x) const {
    const http::Framing& body = x.request().body;
    if (body.kind == http::Framing::Kind::none) return true;
    // The app may ask for the body of a PATCH twice (base::WaitWithBody), so take() has to keep it.
    if (x.request().method == http::Method::patch) return false;
    if (http::first_field(x.request().fields, "X-HTTP-Method-Override")) return false;
    return is_small(body) && x.poll_body() == Exchange::Body::bytes && x.body_bytes().size() == body.length;
}

// True if the edge may write bodies to files. False if the app is another process, since it may have another disk.
bool UploadDispatcher::may_write() const noexcept {
    return context_.options.conversations && context_.options.app_listener != nullptr;
}

net::Task<void> UploadDispatcher::take(Exchange& x, const ConfiguredRoute* rule) {
    const http::Framing& body = x.request().body;
    Bytes bytes(x.ledger());
    Held held = Held::more;
    if (is_small(body) || body.kind == http::Framing::Kind::chunked) held = co_await hold(x, bytes, limit());
    if (held == Held::failed) co_return;
    if (held == Held::more && may_write()) {
        Conversation begun = context_.options.conversations->begin();
        co_await offer(x, rule, bytes, std::move(begun));
        co_return;
    }
    Outgoing out;
    out.bytes = bytes.text;
    out.whole = held == Held::whole;
    Conversation conversation;
    if (out.whole && may_write()) {
        conversation = context_.options.conversations->begin();
        conversation->say(base::BodyIsWhole{});
        out.conversation = conversation->id();
    }
    co_await app_.handle(x, rule, &out);
    if (out.has_reply) co_await offer(x, rule, bytes, std::move(conversation));
}

// Reads the body up to its end, or up to the first byte beyond `max`.
net::Task<UploadDispatcher::Held> UploadDispatcher::hold(Exchange& x, Bytes& bytes, std::size_t max) {
    for (;;) {
        std::size_t size = bytes.text.size(), got = 0;
        if (size > max) co_return Held::more;
        if (!bytes.may_grow()) {
            answer_error(x, 503, "The server is busy. Try again in a moment.", 2);
            co_return Held::failed;
        }
        bytes.resize(size + std::min(kStep, max + 1 - size));
        Exchange::Body body = x.read_body(std::span(bytes.text).subspan(size), got);
        bytes.resize(size + got);
        if (body == Exchange::Body::complete) co_return Held::whole;
        if (body == Exchange::Body::malformed) app_.answer_for(x, Relay::State::client_broken);
        if (body == Exchange::Body::malformed || body == Exchange::Body::broken) co_return Held::failed;
        if (body == Exchange::Body::bytes) continue;
        net::Wake wake = co_await x.wakeup().wait(x.deadline());
        if (wake == net::Wake::event) continue;
        if (wake == net::Wake::deadline) app_.answer_for(x, Relay::State::client_slow);
        co_return Held::failed;
    }
}

// Offers the body to the app and returns the app's reply. Returns nullopt if the client already has an answer. began:
// the time of the first offer.
net::Task<UploadDispatcher::Reply> UploadDispatcher::ask(Exchange& x, const ConfiguredRoute* rule,
                                                         Conversation conversation, net::Moment began) {
    base::BodyOffer message;
    if (x.request().body.kind == http::Framing::Kind::length)
        message.length = static_cast<std::int64_t>(x.request().body.length);
    message.waited = context_.loop.now() - began;
    conversation->say(message);
    Outgoing out;
    out.conversation = conversation->id();
    out.is_message = true;
    co_await offers_.handle(x, rule, &out);
    if (!out.has_reply) co_return std::nullopt;
    co_return conversation->take_reply();
}

net::Task<void> UploadDispatcher::offer(Exchange& x, const ConfiguredRoute* rule, Bytes& bytes,
                                        Conversation conversation) {
    const net::Moment began = context_.loop.now();
    Reply reply = co_await ask(x, rule, conversation, began);
    while (reply && std::holds_alternative<base::WaitWithBody>(*reply)) {
        const std::chrono::milliseconds so_far(context_.loop.now() - began);
        bool waited = co_await pause(x, base::body_wait(so_far).count());
        if (!waited) {
            if (!x.gone() && !x.wakeup().cancelled())
                answer_error(x, 423, "Another request is writing to this upload. Try again in a moment.", 1);
            co_return;
        }
        Reply next = co_await ask(x, rule, conversation, began);
        reply = std::move(next);
    }
    if (!reply) co_return;  // the client has its answer
    if (const auto* wanted = std::get_if<base::SendWholeBody>(&*reply)) {
        co_await send(x, rule, bytes, wanted->max);
        co_return;
    }
    auto* session = std::get_if<std::shared_ptr<base::UploadSession>>(&*reply);
    if (!session) throw base::Error(base::Code::internal, "the app accepted a report that was not sent");
    UploadReceiver receiver(context_, reports_, rule, x, std::move(conversation), std::move(*session));
    co_await receiver.receive(bytes.text);
}

// Reads the complete body, then sends the request with the body to the app.
net::Task<void> UploadDispatcher::send(Exchange& x, const ConfiguredRoute* rule, Bytes& bytes, std::int64_t max) {
    Held held = co_await hold(x, bytes, static_cast<std::size_t>(max));
    if (held == Held::more) answer_error(x, 413, "The request's body is larger than this call takes.");
    if (held != Held::whole) co_return;
    Outgoing out;
    out.bytes = bytes.text;
    out.whole = true;
    co_await app_.handle(x, rule, &out);
}

}  // namespace bodega::edge
