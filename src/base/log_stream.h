// Writes log lines to an open descriptor: standard output, a pipe, a terminal.
#pragma once

#include "base/log_sink.h"

namespace bodega::base {

class LogStream final : public LogSink {
public:
    // `fd` must stay open while this object exists. The object never closes it.
    explicit LogStream(int fd) noexcept : fd_(fd) {}

    // Writes pieces of whole lines. A piece has at most PIPE_BUF bytes, so a pipe accepts all of it or nothing. So
    // lines of other writers never mix with these, and a stalled reader blocks only this thread.
    std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) override;
    void reopen() override {}

private:
    bool wait_for_room(const std::atomic<bool>& hurry) const noexcept;

    const int fd_;
};

}  // namespace bodega::base
