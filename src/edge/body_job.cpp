#include "edge/body_job.h"

#include <exception>

namespace bodega::edge {

void BodyJob::run() noexcept {
    try {
        work();
    } catch (const base::Error& e) {
        error_ = e;
        settled_ = settle();
    } catch (const std::exception& e) {
        error_.emplace(base::Code::internal, e.what());
    }
}

void BodyJob::work() {
    base::BodySink& sink = target_->sink();
    if (block_.size() > 0) sink.write(block_.bytes());
    if (then_ == Then::nothing) return;
    if (then_ == Then::sync) sink.sync();
    else sink.seal();
    sink.describe(described_);
}

// What was written before the error may be on its way to the disk still, and another may go on with the file.
bool BodyJob::settle() noexcept {
    if (target_->order().lease == 0 || !target_->is_open()) return true;
    try {
        target_->sink().sync();
        return true;
    } catch (const base::Error&) {
        return false;
    }
}

void BodyJob::describe(base::BodyReport& report) const {
    report.size = described_.size;
    report.digest = described_.digest;
    report.checksum = described_.checksum;
}

}  // namespace bodega::edge
