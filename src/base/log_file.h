// Log lines to a file that is rotated by size and age, with a bounded number of old ones beside it.
//
// access.log is the one being written; access.log.1 the last one before it, up to access.log.KEEP. Another process
// may rename the file as well (logrotate), or write to it for a while (a node's successor): each notices.
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
        std::int64_t size;              // bytes after which a new file is begun
        std::chrono::milliseconds age;  // begun at each whole multiple of it since 1970 in UTC (a day: midnight); 0: no
        int keep;                       // old ones, at least 1
    };

    // Makes the file if it is missing, mode 0640. Throws Error if it can't be opened for writing.
    LogFile(std::string path, Rotation rotation);

    std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) override;
    void reopen() override;

private:
    bool open();
    bool was_moved() const;
    bool is_due(std::size_t coming) const;
    void rotate();
    bool append(std::string_view lines);
    void complain(std::string_view what, int error);
    std::int64_t period(Milliseconds when) const;

    const std::string path_;
    const Rotation rotation_;
    Fd file_;
    std::int64_t size_ = 0;        // of the file, as far as is known
    std::int64_t period_ = 0;      // whole multiples of the age since 1970 when its last line came
    bool torn_ = false;            // it ends in a part of a line
    bool failing_ = false;         // which was said
    Steady::time_point looked_{};  // when was_moved() was last asked
};

}  // namespace bodega::base
