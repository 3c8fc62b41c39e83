// A node's load in the last minutes, as a small JSON object for its row in the catalog.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/clock.h"
#include "edge/server.h"

namespace bodega::server {

// The node's counters at one moment.
struct LoadReading {
    base::Steady::time_point at;
    std::optional<edge::Traffic> traffic;  // nullopt: this node has no edge
    double cpu_seconds = 0;                // CPU time of the process since its start
};

// The current values that accompany the samples.
struct LoadNow {
    int cores = 1;
    double load = 0;  // the machine's load average over one minute
    std::int64_t memory_bytes = 0;
    std::uint64_t connections = 0;
    std::uint64_t working = 0;                                        // requests that the app handles
    std::uint64_t uploads = 0;                                        // file bodies that this node is receiving
    std::int64_t used_bytes = -1, free_bytes = -1, total_bytes = -1;  // -1: not known
};

// Single-threaded.
class LoadHistory {
public:
    static constexpr std::size_t kSamples = 60;

    explicit LoadHistory(base::Milliseconds every) : every_(every) {}

    // Adds a reading. A sample covers the time since the previous reading, so the first reading makes none.
    void add(LoadReading reading);

    // Returns {"every":5000,"cores":2,…,"rate":[…],"errors":[…],"p50":[…],"p99":[…],"cpu":[…]}. Each array ends with
    // the newest sample. rate: requests per second; errors: 5xx responses per second; p50 and p99: milliseconds; cpu:
    // shares of one core. null in an array: no request was answered in that sample, or the value is unknown.
    std::string json(const LoadNow& now) const;

private:
    struct Sample {
        std::optional<double> rate, errors, p50, p99;
        double cpu = 0;
    };

    const base::Milliseconds every_;
    std::optional<LoadReading> last_;
    std::deque<Sample> samples_;  // at most kSamples; ends with the newest sample
};

// Returns a quantile in milliseconds: the share `share` of the counted durations is shorter than it. Interpolates
// within a bucket. Returns std::nullopt if nothing was counted.
std::optional<double> quantile(const edge::Durations::Sum& counted, double share);

}  // namespace bodega::server
