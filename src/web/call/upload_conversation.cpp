#include "web/call/upload_conversation.h"

#include <utility>

#include "app/tree/refusal.h"
#include "base/blocking.h"

namespace bodega::web {

void refuse_upload(base::UploadSession& session, const base::BodyReport& report) noexcept {
    base::BodyReport end = base::BodyReport::to(session.order(), base::BodyReport::Stage::broken);
    end.settled = report.settled;
    app::discard("refused upload", [&] { session.abort(end); });
}

void UploadConversation::continue_with(const Route& route, std::shared_ptr<base::UploadSession> session, Step step) {
    const base::MutexLock lock(mutex_);
    route_ = &route;
    session_ = std::move(session);
    step_ = std::move(step);
}

const Route* UploadConversation::route() const {
    const base::MutexLock lock(mutex_);
    return route_;
}

void UploadConversation::begin_step() {
    if (step_runs_.try_lock()) return;
    const base::Blocking waits;  // lets another thread of the pool work meanwhile
    step_runs_.lock();
}

void UploadConversation::run(Call& call, const base::BodyReport& report) {
    begin_step();
    const base::MutexLock step_lock(step_runs_, std::adopt_lock);
    Step step;
    {
        const base::MutexLock lock(mutex_);
        step = step_;
    }
    step(call, report);
}

void UploadConversation::refuse(const base::BodyReport& report) {
    begin_step();
    const base::MutexLock step_lock(step_runs_, std::adopt_lock);
    std::shared_ptr<base::UploadSession> session;
    {
        const base::MutexLock lock(mutex_);
        session = session_;
    }
    refuse_upload(*session, report);
}

}  // namespace bodega::web
