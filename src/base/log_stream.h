// Writes log lines to an open descriptor: standard output, a pipe, a terminal.
#pragma once

#include "base/log_sink.h"

namespace bodega::base {

class LogStream final : public LogSink {
public:
    explicit LogStream(int fd) noexcept : fd_(fd) {}  // `fd` outlives it and stays open

    // Writes pieces of whole lines, each small enough for a pipe to take at once or not at all (PIPE_BUF). So lines of
    // other writers never mix with these, and a stalled reader stalls nothing else.
    std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) override;
    void reopen() override {}

private:
    bool wait_for_room(const std::atomic<bool>& hurry) const noexcept;

    const int fd_;
};

}  // namespace bodega::base
