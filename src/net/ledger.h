// Counts the bytes that a loop holds for one client's connection: heads, bodies, unsent answers, the protocol's state.
//
// Every byte is counted where it is held, both in the connection's ledger and in the loop's budget. Single-threaded.
// The BufferPool outlives its ledgers; a ledger outlives its charges.
#pragma once

#include <cstddef>

#include "net/buffer.h"

namespace bodega::net {

class Ledger {
public:
    static constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

    explicit Ledger(BufferPool& buffer_pool, std::size_t max = kNoLimit) noexcept
        : buffer_pool_(buffer_pool), max_(max) {}
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    void count(std::size_t before, std::size_t after) noexcept {
        buffer_pool_.count(before, after);
        held_ = held_ - before + after;
    }
    std::size_t held() const noexcept { return held_; }
    std::size_t max() const noexcept { return max_; }
    bool over() const noexcept { return held_ >= max_; }  // this connection is at or above its limit
    // The connection or the loop is at its limit: start no new work.
    bool full() const noexcept { return over() || buffer_pool_.full(); }

private:
    BufferPool& buffer_pool_;
    const std::size_t max_;
    std::size_t held_ = 0;
};

// One item in a ledger. Counts as many bytes as set() was last given, until the Charge is destroyed.
class Charge {
public:
    explicit Charge(Ledger& ledger) noexcept : ledger_(ledger) {}
    ~Charge() { set(0); }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;

    void set(std::size_t bytes) noexcept {
        ledger_.count(bytes_, bytes);
        bytes_ = bytes;
    }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    Ledger& ledger_;
    std::size_t bytes_ = 0;
};

}  // namespace bodega::net
