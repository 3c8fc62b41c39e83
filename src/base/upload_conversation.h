// Messages between the edge and the app of one process about the body of one request.
//
// At first the edge sends the app no byte of the body. The edge stores a message in the conversation. It then sends the
// app a request with the client's head and, in the field kConversationField, the conversation's id. The app handles the
// message. It then stores a reply in the conversation, or it answers the client and stores no reply. The messages and
// what may follow them:
//
//   BodyOffer    → the app's answer to the client, WaitWithBody, SendWholeBody, or the session that orders the bytes
//   BodyReport   → ReportAccepted, or the app's answer to the client; for `complete` always an answer
//   BodyIsWhole  → the app's answer to the client, or WaitWithBody
//
// The response to the edge's request is the answer to the client. For a BodyReport, the app reads only the caller's
// credential and the fields that shape the answer. The conversation belongs to the process, not to a connection, so the
// edge can send a report again if its request was lost.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/ulid.h"
#include "base/upload_session.h"

namespace bodega::base {

// In a request, the field has the conversation's id. In a response, it means that the app has stored a reply, so the
// client gets no answer yet. Edge and app ignore the field if it comes from anyone else.
inline constexpr std::string_view kConversationField = "Bodega-Body";

// --- messages of the edge

struct BodyOffer {
    std::optional<std::int64_t> length;  // bytes of the body, if the request's head declares them
    Milliseconds waited = 0;             // time since the first offer of this body
};
struct BodyIsWhole {};  // the edge's request carries the complete body

// --- replies of the app, in place of an answer to the client

struct ReportAccepted {};
struct WaitWithBody {};    // no session can accept the body yet; the edge offers it again after body_wait()
struct SendWholeBody {     // the edge receives the complete body, then sends it with the request
    std::int64_t max = 0;  // bytes; a longer body is refused
};

// Owned by the edge; the app keeps it alive while it works on a message. Thread-safe.
class UploadConversation {
public:
    using Message = std::variant<BodyOffer, BodyIsWhole, BodyReport>;
    using Reply = std::variant<ReportAccepted, WaitWithBody, SendWholeBody, std::shared_ptr<UploadSession>>;

    UploadConversation() = default;
    virtual ~UploadConversation() = default;
    UploadConversation(const UploadConversation&) = delete;
    UploadConversation& operator=(const UploadConversation&) = delete;

    const std::string& id() const noexcept { return id_; }

    void say(Message message) {
        const MutexLock lock(mutex_);
        message_ = std::move(message);
        reply_.reset();
    }
    Message message() const {
        const MutexLock lock(mutex_);
        return message_;
    }
    void reply(Reply reply) {
        const MutexLock lock(mutex_);
        reply_ = std::move(reply);
    }
    // Returns each reply once; std::nullopt if there is no new reply.
    std::optional<Reply> take_reply() {
        const MutexLock lock(mutex_);
        return std::exchange(reply_, std::nullopt);
    }

private:
    const std::string id_ = Ulid::make().text();
    mutable Mutex mutex_;
    Message message_ GUARDED_BY(mutex_);
    std::optional<Reply> reply_ GUARDED_BY(mutex_);
};

// Creates the edge's conversations with the app of its process. Thread-safe; outlives the edge.
class UploadConversations {
public:
    virtual ~UploadConversations() = default;
    virtual std::shared_ptr<UploadConversation> begin() = 0;
};

}  // namespace bodega::base
