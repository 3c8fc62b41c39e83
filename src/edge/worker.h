// What the connections of one loop share, and what all loops share.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "edge/buffer.h"
#include "edge/connections.h"
#include "edge/loop.h"
#include "edge/parser.h"
#include "edge/request_id.h"
#include "edge/server.h"
#include "edge/task.h"

namespace bodega::edge {

class Exchange;
class FilePool;

// Answers exchanges; one a loop.
class Handler {
public:
    virtual ~Handler() = default;
    // Both outlive the coroutine. May throw: then the answer is a 500, or is cut.
    virtual Task<void> handle(Exchange& x) = 0;
};

// Relaxed atomics: read from any thread for Stats.
struct Counters {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> bad_requests{0};
    std::atomic<std::uint64_t> upstream_failures{0};
    std::atomic<std::uint64_t> upstream_retries{0};
    std::atomic<std::uint64_t> cold_reads{0};

    static void add(std::atomic<std::uint64_t>& counter) noexcept { counter.fetch_add(1, std::memory_order_relaxed); }
};

// One loop's world: constant after construction but for what belongs to the loop's thread.
struct Worker {
    Worker(const Options& all, Counters& numbers) : options(all), counters(numbers), loop() {}

    const Options& options;
    Counters& counters;
    Loop loop;
    Blocks blocks;
    RequestIds ids;
    Connections connections;
    Handler* handler = nullptr;
    FilePool* files = nullptr;  // shared by all loops
    bool draining = false;      // the loop's thread
};

}  // namespace bodega::edge
