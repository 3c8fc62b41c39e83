#include "base/log_writer.h"

#include <chrono>
#include <exception>
#include <utility>

#include "base/log.h"

namespace bodega::base {
namespace {

// Delay after the first line of a batch. Lines that arrive during the delay join the batch and cost no wake-up.
constexpr std::chrono::milliseconds kGather{25};
constexpr std::chrono::seconds kReportEvery{10};
constexpr std::chrono::seconds kShutdownTimeout{1};

}  // namespace

LogWriter::LogWriter(std::string name, std::unique_ptr<LogSink> sink, std::size_t queue)
    : name_(std::move(name)), limit_(queue), sink_(std::move(sink)), thread_([this] { run(); }) {}

LogWriter::~LogWriter() {
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        some_.notify_all();
        done_.wait_for(mutex_, kShutdownTimeout, [this]() REQUIRES(mutex_) { return ended_; });
    }
    hurry_.store(true, std::memory_order_relaxed);
    thread_.join();
}

void LogWriter::write(std::string_view line) noexcept {
    try {
        const MutexLock lock(mutex_);
        if (queue_.size() + line.size() <= limit_) {
            queue_.append(line);
            if (std::exchange(asleep_, false)) some_.notify_one();
            return;
        }
    } catch (const std::exception&) {  // out of memory: drop the line
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    dropped_.fetch_add(1, std::memory_order_relaxed);
}

void LogWriter::reopen() noexcept {
    const MutexLock lock(mutex_);
    reopen_ = true;
    asleep_ = false;
    some_.notify_one();
}

void LogWriter::run() {
    std::string batch;
    MutexLock lock(mutex_);
    for (;;) {
        asleep_ = true;
        some_.wait(mutex_, [this]() REQUIRES(mutex_) { return !queue_.empty() || reopen_ || stopping_; });
        asleep_ = false;
        if (!queue_.empty())
            some_.wait_for(mutex_, kGather,
                           [this]() REQUIRES(mutex_) { return stopping_ || queue_.size() > limit_ / 2; });
        bool reopens = std::exchange(reopen_, false);
        if (queue_.empty() && stopping_ && !reopens) break;
        batch.clear();
        batch.swap(queue_);
        lock.unlock();
        if (reopens) sink_->reopen();
        write_out(batch);
        lock.lock();
    }
    ended_ = true;
    done_.notify_all();
}

void LogWriter::write_out(const std::string& lines) {
    if (lines.empty()) return;
    std::size_t lost = sink_->write(lines, hurry_);
    if (lost > 0) dropped_.fetch_add(lost, std::memory_order_relaxed);
    else report();
}

void LogWriter::report() {
    std::uint64_t dropped = this->dropped();
    if (dropped == reported_ || Steady::now() - last_report_ < kReportEvery) return;
    log::warn("log", "lines dropped: the log's disk or reader was too slow or full",
              {{"log", name_}, {"lines", dropped - reported_}});
    reported_ = dropped;
    last_report_ = Steady::now();
}

}  // namespace bodega::base
