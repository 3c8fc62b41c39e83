// Destination of a LogWriter's lines.
#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>

namespace bodega::base {

// Only the LogWriter's thread calls a sink.
class LogSink {
public:
    virtual ~LogSink() = default;

    // Writes whole lines; returns how many of them were lost. May wait for room, but not after `hurry` has become true.
    virtual std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) = 0;

    // Opens the file again, since another process may have renamed it.
    virtual void reopen() = 0;
};

}  // namespace bodega::base
