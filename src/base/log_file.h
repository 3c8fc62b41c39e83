// Writes log lines to a file, rotates it by size and age, and keeps a bounded number of old files beside it.
//
// access.log is the current file, access.log.1 the previous one, up to access.log.KEEP. Another process may also rename
// the file (logrotate) or write to it for a while (a node's successor): each process notices.
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
        std::chrono::milliseconds
            age;   // a new file begins at each multiple since 1970 in UTC (a day: at midnight); 0: never
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
    std::int64_t size_ = 0;            // of the file, as far as known
    std::int64_t period_ = 0;          // multiples of the age since 1970 when the last line was written
    bool torn_ = false;                // the file ends in a partial line
    bool failing_ = false;             // and the failure was logged
    Steady::time_point last_check_{};  // time of the last was_moved()
};

}  // namespace bodega::base
