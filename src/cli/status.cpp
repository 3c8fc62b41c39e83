#include "cli/status.h"

#include <mutex>

namespace bodega::cli {

Status::Shown::Shown(Status& status, const web::Server& app, const db::Pool& catalog) : status_(status) {
    const std::unique_lock lock(status_.mutex_);
    status_.measured_.app = &app;
    status_.measured_.catalog = &catalog;
}

Status::Shown::~Shown() {
    const std::unique_lock lock(status_.mutex_);
    status_.measured_.app = nullptr;
    status_.measured_.catalog = nullptr;
}

void Status::write_metrics(base::Exposition& out) const {
    const std::shared_lock lock(mutex_);
    cli::write_metrics(out, measured_);
}

bool Status::is_ready() const {
    const std::shared_lock lock(mutex_);
    return measured_.app && measured_.app->is_ready();
}

}  // namespace bodega::cli
