// A loop's counters by route and by upstream, for the metrics.
//
// Each loop writes only its own counters, so a request takes no lock and shares no cache line. A reader adds up the
// counters of all loops.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"

namespace bodega::edge {

// A counter. One thread adds; any thread reads.
class Count {
public:
    void add(std::uint64_t more = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// A histogram of durations in fixed buckets.
class Durations {
public:
    // Upper bounds in microseconds. One more bucket counts the durations above the last bound.
    static constexpr std::array<std::int64_t, 15> kBounds = {500,      1'000,    2'500,    5'000,      10'000,
                                                             25'000,   50'000,   100'000,  250'000,    500'000,
                                                             1000'000, 2500'000, 5000'000, 10'000'000, 60'000'000};

    struct Sum {
        std::array<std::uint64_t, kBounds.size() + 1> counts{};
        std::uint64_t micros = 0;
    };

    void add(std::int64_t micros) noexcept;
    void add_to(Sum& sum) const noexcept;

private:
    std::array<Count, kBounds.size() + 1> counts_;
    Count micros_;
};

struct RouteMeter {
    enum Class : std::uint8_t { reads, writes, others };  // reads: GET and HEAD. writes: POST, PUT, PATCH and DELETE
    static constexpr std::array<std::string_view, 3> kClasses = {"read", "write", "other"};

    // First index: the method's class. Second index: status / 100 - 1.
    std::array<std::array<Count, 5>, kClasses.size()> requests;
    Count received;  // bytes of request bodies that were received
    Count sent;
    // Time from the last byte of a request's head to the last byte of its answer.
    Durations duration;
};

struct UpstreamMeter {
    enum Failure : std::uint8_t { refused, broken, slow, busy };
    static constexpr std::array<std::string_view, 4> kFailures = {"refused", "broken", "slow", "busy"};

    std::array<Count, kFailures.size()> failures;
    Count retries;    // tries after the first one, on another connection or server
    Count ejections;  // how often a server was taken out of use after failures
    Durations duration;
};

class Meters {
public:
    // The most names that get their own meter. All further names share the meter kRest. The names come from the
    // configuration.
    static constexpr std::size_t kMax = 256;
    static constexpr std::string_view kRest = "(others)";

    // Returns the meter of that name. Creates it if needed; it is never removed. Call it on the loop's thread, or
    // before the loop runs.
    RouteMeter& route(std::string_view name) { return find(routes_, name); }
    UpstreamMeter& upstream(std::string_view name) { return find(upstreams_, name); }

    // May be called on any thread.
    void each_route(const std::function<void(const std::string&, const RouteMeter&)>& see) const;
    void each_upstream(const std::function<void(const std::string&, const UpstreamMeter&)>& see) const;

private:
    template <class Meter>
    using Named = std::map<std::string, std::unique_ptr<Meter>, std::less<>>;
    template <class Meter>
    Meter& find(Named<Meter>& meters, std::string_view name);

    // Locked when the loop's thread changes the maps, and when other threads read them. The loop's thread reads them
    // without the lock, which GUARDED_BY can't express.
    mutable base::Mutex mutex_;
    Named<RouteMeter> routes_;
    Named<UpstreamMeter> upstreams_;
};

}  // namespace bodega::edge
