// Writes log lines to a file, rotates it by size and age, and keeps a bounded number of old files beside it.
//
// access.log is the current file and access.log.1 the previous one, up to access.log.KEEP. Another process may rename
// the file (logrotate) or write to it for a while (a node's successor). LogFile detects both.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log_sink.h"

namespace bodega::base {

class LogFile final : public LogSink {
public:
    struct Rotation {
        std::int64_t size;  // bytes after which a new file begins
        // A new file begins at each multiple of `age` since 1970, so an age of one day means midnight UTC. 0: never.
        std::chrono::milliseconds age;
        int keep;  // number of old files, at least 1
    };

    // Creates the file with mode 0640 if it is missing. Throws Error if the file can't be opened for writing.
    LogFile(std::string path, Rotation rotation);

    std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) override;
    void reopen() override;

private:
    bool open();
    bool was_moved() const;
    bool is_due(std::size_t coming) const;
    void rotate();
    bool append(std::string_view lines);
    void log_failure(std::string_view what, int error);
    std::int64_t period(Milliseconds when) const;

    const std::string path_;
    const Rotation rotation_;
    Fd file_;
    std::int64_t size_ = 0;  // bytes in the file: its size when it was opened, plus the bytes written since
    // Number of the period (`age` long, counted from 1970) in which the last line was written.
    std::int64_t period_ = 0;
    bool torn_ = false;                // the file ends in a partial line
    bool failing_ = false;             // writing fails, and the failure was logged
    Steady::time_point last_check_{};  // time of the last call of was_moved()
};

}  // namespace bodega::base
