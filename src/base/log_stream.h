// Log lines to a descriptor that is there already: standard output, a pipe, a terminal.
#pragma once

#include "base/log_sink.h"

namespace bodega::base {

class LogStream final : public LogSink {
public:
    explicit LogStream(int fd) noexcept : fd_(fd) {}  // which outlives it, and stays open

    // Pieces of whole lines, each small enough that a pipe takes it at once or not at all: the lines of others on the
    // same pipe never get between, and a reader that hangs hangs nobody.
    std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) override;
    void reopen() override {}

private:
    bool wait_for_room(const std::atomic<bool>& hurry) const noexcept;

    const int fd_;
};

}  // namespace bodega::base
