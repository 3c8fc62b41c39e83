// Whether this node turns new callers away, and since when.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "config/config.h"

namespace bodega::cli {

// Thread-safe. A drain has reasons, and lasts until none is left.
class Drain {
public:
    enum class Reason : std::uint8_t {
        asked,         // by an operator, through the catalog
        machine_ends,  // EC2 has announced it
        stops,         // this process is about to end; stays
    };

    // why: the reason in a person's words. True if it was not so before.
    bool set(Reason reason, bool holds, std::string why = {});

    bool is_on() const;
    std::optional<std::string> why() const;  // it is on
    config::Duration lasted() const;         // zero: it is off

private:
    mutable std::mutex mutex_;
    std::array<std::optional<std::string>, 3> reasons_;  // protected by mutex_, as the next
    std::optional<base::Steady::time_point> since_;
};

}  // namespace bodega::cli
