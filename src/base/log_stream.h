// Writes log lines to an open descriptor: standard output, a pipe, a terminal.
#pragma once

#include "base/log_sink.h"

namespace bodega::base {

class LogStream final : public LogSink {
public:
    // `fd` must stay open while the LogStream exists. LogStream never closes it.
    explicit LogStream(int fd) noexcept : fd_(fd) {}

    // Writes pieces of whole lines. A pipe accepts a piece of at most PIPE_BUF bytes completely or not at all, so these
    // lines never mix with lines of other writers. A stalled reader blocks only this thread.
    std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) override;
    void reopen() override {}

private:
    bool wait_for_room(const std::atomic<bool>& hurry) const noexcept;

    const int fd_;
};

}  // namespace bodega::base
