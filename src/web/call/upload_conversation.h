// The app's side of a conversation about an upload (base/upload_conversation.h): how it continues after the offer.
#pragma once

#include <functional>
#include <memory>

#include "base/mutex.h"
#include "base/upload_conversation.h"

namespace bodega::web {

class Call;
struct Route;

// Thread-safe.
class UploadConversation final : public base::UploadConversation {
public:
    UploadConversation() = default;

    // Acts on one report. The call is another one than the offer's, of the same client; its actor is authenticated. It
    // replies or answers. Owns or outlives all that it uses; may run more than once for one report.
    using Step = std::function<void(Call& call, const base::BodyReport& report)>;

    // Called by the handler that accepts the offer; replaces what an earlier try has set. route: of the offer; static.
    void continue_with(const Route& route, std::shared_ptr<base::UploadSession> session, Step step);

    // nullptr: no offer was accepted.
    const Route* route() const;

    // Runs the step, one at a time: a report whose answer was lost can arrive again while the first is at work.
    void run(Call& call, const base::BodyReport& report);

    // Ends the session after a report of a caller that may not send it any more. Acknowledges nothing.
    void refuse(const base::BodyReport& report);

private:
    mutable base::Mutex mutex_;
    const Route* route_ GUARDED_BY(mutex_) = nullptr;
    std::shared_ptr<base::UploadSession> session_ GUARDED_BY(mutex_);  // shared with the edge
    Step step_ GUARDED_BY(mutex_);
};

}  // namespace bodega::web
