#include "web/call/upload_conversation.h"

#include <utility>

#include "app/tree/refusal.h"

namespace bodega::web {

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

void UploadConversation::run(Call& call, const base::BodyReport& report) {
    const base::MutexLock lock(mutex_);
    step_(call, report);
}

void UploadConversation::refuse(const base::BodyReport& report) {
    const base::MutexLock lock(mutex_);
    base::UploadSession& session = *session_;
    base::BodyReport end = base::BodyReport::to(session.order(), base::BodyReport::Stage::broken);
    end.settled = report.settled;
    app::discard("refused upload", [&] { session.abort(end); });
}

}  // namespace bodega::web
