#include "edge/uploads/body_job.h"

#include <exception>

namespace bodega::edge {

void BodyJob::run() noexcept {
    try {
        work();
        settled_ = then_ != Then::nothing;
    } catch (const base::Error& e) {
        error_ = e;
        // Some writes may still be pending, although another writer may continue the file. settle() tells whether none
        // is.
        settled_ = target_->settle();
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

void BodyJob::describe(base::BodyReport& report) const {
    report.size = described_.size;
    report.digest = described_.digest;
    report.checksum = described_.checksum;
    report.settled = settled_;
}

}  // namespace bodega::edge
