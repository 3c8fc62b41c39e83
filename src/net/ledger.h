// What one client's connection makes its loop hold: heads, bodies, answers that are not sent, its protocol's state.
//
// Every byte is counted where it is held, in the connection's ledger and so in the loop's budget. Single-threaded; the
// Blocks outlive their ledgers, and a ledger what is charged to it.
#pragma once

#include <cstddef>

#include "net/buffer.h"

namespace bodega::edge {

class Ledger {
public:
    static constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

    explicit Ledger(Blocks& blocks, std::size_t most = kNoLimit) noexcept : blocks_(blocks), most_(most) {}
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    void count(std::size_t before, std::size_t after) noexcept {
        blocks_.count(before, after);
        held_ = held_ - before + after;
    }
    std::size_t held() const noexcept { return held_; }
    std::size_t most() const noexcept { return most_; }
    bool over() const noexcept { return held_ >= most_; }            // its own limit
    bool full() const noexcept { return over() || blocks_.full(); }  // nothing new may be begun

private:
    Blocks& blocks_;
    const std::size_t most_;
    std::size_t held_ = 0;
};

// A part of what a ledger counts: as many bytes as was said last, until it is destroyed.
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

}  // namespace bodega::edge
