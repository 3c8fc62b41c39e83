// Where a LogWriter's lines end up.
#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>

namespace bodega::base {

// Used by the writer's thread alone.
class LogSink {
public:
    virtual ~LogSink() = default;

    // Writes whole lines; how many of them are lost. May wait for room as long as `hurry` is false.
    virtual std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) = 0;

    // Somebody may have renamed what was written to so far: open it anew.
    virtual void reopen() = 0;
};

}  // namespace bodega::base
