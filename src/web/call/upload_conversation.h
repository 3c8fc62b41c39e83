// The app's half of a conversation about an upload (base/upload_conversation.h): decides what follows an offer.
#pragma once

#include <functional>
#include <memory>

#include "base/mutex.h"
#include "base/upload_conversation.h"

namespace bodega::web {

class Call;
struct Route;

// Ends a session whose caller has lost the right to send to it. Acknowledges no bytes. report: the writer's last
// report.
void refuse_upload(base::UploadSession& session, const base::BodyReport& report) noexcept;

// Thread-safe.
class UploadConversation final : public base::UploadConversation {
public:
    UploadConversation() = default;

    // Handles one report of the edge: replies to the edge, or answers the client. `call` is a later call of the client
    // that sent the offer, and its actor is authenticated. A Step may run more than once for one report. Requires: it
    // owns what it uses, or what it uses outlives it.
    using Step = std::function<void(Call& call, const base::BodyReport& report)>;

    // Sets how reports are handled. Called by the handler that accepts an offer; a later call replaces an earlier one.
    // route: the route of the offer; has static storage.
    void continue_with(const Route& route, std::shared_ptr<base::UploadSession> session, Step step);

    // Returns the route of the accepted offer, or nullptr if no offer was accepted.
    const Route* route() const;

    // Runs the step for a report. If the answer to a report was lost, the same report can arrive again while the first
    // one is being handled. So only one step or refusal runs at a time.
    void run(Call& call, const base::BodyReport& report);

    // Ends the session, because the caller that sent the report has lost the right to send it. Acknowledges no bytes.
    void refuse(const base::BodyReport& report);

private:
    void begin_step() ACQUIRE(step_runs_);

    base::Mutex step_runs_;  // held while a step or a refusal uses the disk and the catalog
    mutable base::Mutex mutex_;
    const Route* route_ GUARDED_BY(mutex_) = nullptr;
    // Owned by this object and by the edge.
    std::shared_ptr<base::UploadSession> session_ GUARDED_BY(mutex_);
    Step step_ GUARDED_BY(mutex_);
};

}  // namespace bodega::web
