// Queues log lines and writes them to a sink on its own thread, so the caller never waits.
//
//   LogWriter access("access", std::make_unique<LogStream>(STDOUT_FILENO), 4 << 20);
//   access.write("{…}\n");
//
// If the queue is full, the line is dropped and counted. The log reports the count once there is room again.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "base/log_sink.h"
#include "base/mutex.h"

namespace bodega::base {

// Thread-safe.
class LogWriter {
public:
    // name: identifies this writer in the report of dropped lines. queue: maximum bytes in the queue.
    LogWriter(std::string name, std::unique_ptr<LogSink> sink, std::size_t queue);
    ~LogWriter();  // writes the queued lines; after one second, drops lines for which the sink has no room
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    void write(std::string_view line) noexcept;  // `line` is one line and ends with '\n'
    void reopen() noexcept;                      // the writer's thread reopens the sink later

    std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

private:
    void run();
    void write_out(const std::string& lines);
    void report();

    const std::string name_;
    const std::size_t limit_;
    const std::unique_ptr<LogSink> sink_;  // used by thread_ only
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<bool> hurry_{false};

    Mutex mutex_;
    Condition some_, done_;
    std::string queue_ GUARDED_BY(mutex_);
    bool asleep_ GUARDED_BY(mutex_) = false;  // thread_ waits for a line
    bool reopen_ GUARDED_BY(mutex_) = false;
    bool stopping_ GUARDED_BY(mutex_) = false;
    bool ended_ GUARDED_BY(mutex_) = false;

    // Used by thread_ only. reported_: the number of dropped lines that the log has already reported.
    std::uint64_t reported_ = 0;
    Steady::time_point last_report_{};
    std::thread thread_;
};

}  // namespace bodega::base
