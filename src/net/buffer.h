// Bytes between a socket and a coroutine: one contiguous piece of memory that is there only while it holds something.
//
// The first memory is a block of the loop's Blocks; it grows up to a limit that the caller names, and an empty or
// nearly empty buffer that will wait for long is parked. Single-threaded; Blocks outlive their buffers.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace bodega::edge {

// Blocks of one size that are used again rather than freed, up to kKeep of them.
class Blocks {
public:
    static constexpr std::size_t kSize = 16 << 10;
    static constexpr std::size_t kKeep = 64;

    std::unique_ptr<char[]> take();
    void give(std::unique_ptr<char[]> block);

    // What the loop's clients make it hold in all, and whether that is more than it should: then nothing new is begun
    // and nothing grows.
    void set_budget(std::size_t bytes) noexcept { budget_ = bytes; }
    bool full() const noexcept { return held() >= budget_; }
    std::size_t held() const noexcept { return held_.load(std::memory_order_relaxed); }  // thread-safe
    void count(std::size_t before, std::size_t after) noexcept {
        held_.store(held() - before + after, std::memory_order_relaxed);
    }

private:
    std::size_t budget_ = static_cast<std::size_t>(-1);
    std::atomic<std::size_t> held_ = 0;  // written by the loop's thread alone
    std::vector<std::unique_ptr<char[]>> free_;
};

class Ledger;

class Buffer {
public:
    explicit Buffer(Blocks& blocks) noexcept : blocks_(blocks) {}
    // Its memory is held for that ledger's client; the ledger outlives it.
    Buffer(Blocks& blocks, Ledger& ledger) noexcept : blocks_(blocks), ledger_(&ledger) {}
    ~Buffer() { release(); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    std::string_view view() const noexcept { return {memory_.get() + begin_, end_ - begin_}; }
    std::span<char> held() noexcept { return {memory_.get() + begin_, end_ - begin_}; }  // view(), to be changed
    std::size_t size() const noexcept { return end_ - begin_; }
    bool empty() const noexcept { return begin_ == end_; }
    std::size_t capacity() const noexcept { return capacity_; }
    Blocks& blocks() const noexcept { return blocks_; }

    // Where more bytes can be read to; makes room by moving and growing, views become invalid. Empty when
    // `limit` bytes are held, or when it is full and the blocks are, too. ample: an empty buffer takes memory for all
    // of `limit` at once.
    enum class Room : bool { usual, ample };
    std::span<char> space(std::size_t limit, Room room = Room::usual);
    void commit(std::size_t count) noexcept { end_ += count; }  // bytes written to space()
    void consume(std::size_t count) noexcept;                   // Requires: count <= size()

    // Before a long wait: gives the memory back, or keeps what little is held in a snug piece.
    void park();
    void release() noexcept;  // drops the bytes and the memory

private:
    static constexpr std::size_t kSnug = 2 << 10;

    void take_memory(std::size_t capacity);
    void count(std::size_t before, std::size_t after) noexcept;
    void move_to(std::unique_ptr<char[]> memory, std::size_t capacity) noexcept;

    Blocks& blocks_;
    Ledger* const ledger_ = nullptr;  // null: nobody's
    std::unique_ptr<char[]> memory_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace bodega::edge
