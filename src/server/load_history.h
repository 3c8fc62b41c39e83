// What a node had to do in the last minutes, as a small JSON object for its row in the catalog.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/clock.h"
#include "edge/server.h"

namespace bodega::cli {

// At a moment.
struct LoadReading {
    base::Steady::time_point at;
    std::optional<edge::Traffic> traffic;  // none: this node has no edge
    double cpu_seconds = 0;                // of the process, since its start
};

// What is told beside the samples.
struct LoadNow {
    int cores = 1;
    double load = 0;  // of the machine, over a minute
    std::int64_t memory_bytes = 0;
    std::uint64_t connections = 0;
    std::uint64_t working = 0;                                        // requests at work in the app
    std::uint64_t uploads = 0;                                        // bodies that this node receives
    std::int64_t used_bytes = -1, free_bytes = -1, total_bytes = -1;  // -1: not known
};

// One thread.
class LoadHistory {
public:
    static constexpr std::size_t kSamples = 60;

    explicit LoadHistory(base::Milliseconds every) : every_(every) {}

    // The first one makes no sample: each is of the time since the reading before.
    void add(LoadReading reading);

    // {"every":5000,"cores":2,…,"rate":[…],"errors":[…],"p50":[…],"p99":[…],"cpu":[…]}: the newest sample last;
    // requests and answers of 5xx a second, milliseconds, shares of one core. null: nothing was answered then, or it
    // isn't known.
    std::string json(const LoadNow& now) const;

private:
    struct Sample {
        std::optional<double> rate, errors, p50, p99;
        double cpu = 0;
    };

    const base::Milliseconds every_;
    std::optional<LoadReading> last_;
    std::deque<Sample> samples_;  // the newest last, at most kSamples
};

// The duration in milliseconds that this share of what was counted stayed below, within its bucket by interpolation;
// std::nullopt if nothing was counted.
std::optional<double> quantile(const edge::Durations::Sum& counted, double share);

}  // namespace bodega::cli
