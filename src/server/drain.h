// Whether this node is draining, why, and since when.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "config/config.h"

namespace bodega::server {

// Thread-safe. A drain has one or more reasons and lasts until all of them are gone.
class Drain {
public:
    enum class Reason : std::uint8_t {
        asked,         // an operator asked for the drain, through the catalog
        machine_ends,  // EC2 has announced the machine's shutdown
        stops,         // this process is stopping; never cleared
    };

    // Adds a reason if `holds`, otherwise removes it. `why`: the reason in words for a person. Returns true if the
    // reason was added or removed.
    bool set(Reason reason, bool holds, std::string why = {});

    bool is_on() const;
    std::optional<std::string> why() const;  // one of the reasons; nullopt: this node is not draining
    config::Duration lasted() const;         // how long this node has been draining; zero: it is not draining

private:
    mutable base::Mutex mutex_;
    std::array<std::optional<std::string>, 3> reasons_ GUARDED_BY(mutex_);
    std::optional<base::Steady::time_point> since_ GUARDED_BY(mutex_);
};

}  // namespace bodega::server
