#include "server/status.h"

namespace bodega::server {

Status::AppRegistration::AppRegistration(Status& status, const web::Server& app, const db::Pool& catalog)
    : status_(status) {
    const base::WriteLock lock(status_.mutex_);
    status_.measured_.app = &app;
    status_.measured_.catalog = &catalog;
}

Status::AppRegistration::~AppRegistration() {
    const base::WriteLock lock(status_.mutex_);
    status_.measured_.app = nullptr;
    status_.measured_.catalog = nullptr;
}

void Status::write_metrics(base::Exposition& out) const {
    const base::ReadLock lock(mutex_);
    server::write_metrics(out, measured_);
}

bool Status::is_running() const {
    const base::ReadLock lock(mutex_);
    return measured_.app != nullptr;
}

Status::Work Status::work() const {
    const base::ReadLock lock(mutex_);
    Work out;
    if (measured_.edge) {
        out.traffic = measured_.edge->traffic();
        out.connections = measured_.edge->stats().open_connections;
    }
    if (!measured_.app) return out;
    const web::Server::Stats app = measured_.app->stats();
    out.working = app.working + app.waiting;
    out.uploads = app.uploads;
    return out;
}

bool Status::is_ready() const {
    const base::ReadLock lock(mutex_);
    return measured_.app && measured_.app->is_ready();
}

}  // namespace bodega::server
