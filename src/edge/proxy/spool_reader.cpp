#include "edge/proxy/spool_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "edge/files/page_cache.h"

namespace bodega::edge {

class SpoolReader::Job final : public net::FileJob {
public:
    Job(std::shared_ptr<SpoolFile> file, std::uint64_t offset, std::string room)
        : file_(std::move(file)), offset_(offset), bytes_(std::move(room)) {}

    // Returns the bytes that were read; empty if the read failed.
    std::string take() noexcept { return std::move(bytes_); }

private:
    void run() noexcept override {
        ssize_t n = 0;
        do {
            n = ::pread(file_->fd(), bytes_.data(), bytes_.size(), static_cast<off_t>(offset_));
        } while (n < 0 && errno == EINTR);
        bytes_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    }

    const std::shared_ptr<SpoolFile> file_;
    const std::uint64_t offset_;
    std::string bytes_;
};

SpoolReader::SpoolReader(net::FilePool& pool, std::shared_ptr<SpoolFile> file, std::size_t step, net::Wakeup& wakeup,
                         net::Ledger& ledger)
    : pool_(pool), file_(std::move(file)), step_(step), wakeup_(wakeup), memory_(ledger) {}

SpoolReader::~SpoolReader() {
    if (job_) pool_.forget(*job_);
}

SpoolReader::State SpoolReader::poll() {
    if (job_) return take_job();
    if (taken_ < held_.size()) return State::bytes;
    return offset_ == file_->size() ? State::complete : read();
}

SpoolReader::State SpoolReader::read() {
    std::string room = std::move(held_);
    taken_ = 0;
    room.resize(static_cast<std::size_t>(std::min<std::uint64_t>(step_, file_->size() - offset_)));
    memory_.set(room.capacity());
    ssize_t n = read_cached(file_->fd(), room, static_cast<off_t>(offset_));
    if (n >= 0) {
        room.resize(static_cast<std::size_t>(n));
        return hold(std::move(room));
    }
    if (errno != EAGAIN && errno != EOPNOTSUPP) return State::failed;
    auto job = std::make_shared<Job>(file_, offset_, std::move(room));
    if (!pool_.begin(job, wakeup_)) return State::failed;
    job_ = std::move(job);
    return State::pending;
}

SpoolReader::State SpoolReader::take_job() {
    if (!job_->done()) return State::pending;
    const std::shared_ptr<Job> job = std::exchange(job_, nullptr);
    return hold(job->take());
}

// Makes `bytes` the current piece. Fails if it is empty: the file was truncated, or the disk has failed.
SpoolReader::State SpoolReader::hold(std::string bytes) {
    held_ = std::move(bytes);
    offset_ += held_.size();
    return held_.empty() ? State::failed : State::bytes;
}

}  // namespace bodega::edge
