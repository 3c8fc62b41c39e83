// The conversation between the edge and the app of one process about the body of one request.
//
// The edge holds the body back. It leaves a message in the conversation and sends the app a request with the client's
// head and the conversation's id, in the field kConversationField. The app takes the message, acts, and leaves a reply;
// or it answers the client, and there is no reply. The steps:
//
//   BodyOffer    → the app's answer to the client, WaitWithBody, SendWholeBody, or the session that orders the bytes
//   BodyReport   → ReportAccepted, or the app's answer to the client; for `complete` always the latter
//   BodyIsWhole  → the app's answer to the client, or WaitWithBody
//
// The request finds a thread of the app, and its response carries the answer to the client. For a report the app reads
// no more of the request than the caller's credential and the fields that shape the answer. The conversation belongs to
// the process and not to a connection, so a report whose request was lost can be sent once more.
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

// In a request: the conversation's id. In a response: the app has left a reply, and the client gets nothing. Both
// sides ignore the field from anybody else.
inline constexpr std::string_view kConversationField = "Bodega-Body";

// --- messages of the edge

struct BodyOffer {
    std::optional<std::int64_t> length;  // of the body in bytes, if the head declares it
    Milliseconds waited = 0;             // since the first offer
};
struct BodyIsWhole {};  // it comes with the request

// --- replies of the app, in place of an answer to the client

struct ReportAccepted {};
struct WaitWithBody {};    // nothing can accept the body yet: offer it (again) after body_wait()
struct SendWholeBody {     // receive it, then send the request with it
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
    // Returns std::nullopt if there was no reply since the last call.
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

// Where the edge begins conversations with the app of its process. Thread-safe; outlives the edge.
class UploadConversations {
public:
    virtual ~UploadConversations() = default;
    virtual std::shared_ptr<UploadConversation> begin() = 0;
};

}  // namespace bodega::base
