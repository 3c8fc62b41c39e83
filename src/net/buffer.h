// Holds bytes between a socket and a coroutine in one contiguous piece of memory, allocated only while the buffer holds
// bytes.
//
// The buffer begins with a block of the loop's BufferPool, and can grow up to a limit that the caller gives. Before a
// long wait, call park() on an empty or nearly empty buffer. Single-threaded; the BufferPool outlives its buffers.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace bodega::net {

// Recycles blocks of one size: it keeps up to kKeep free blocks. Also counts the bytes that the loop holds for its
// clients.
class BufferPool {
public:
    static constexpr std::size_t kSize = 16 << 10;
    static constexpr std::size_t kKeep = 64;

    std::unique_ptr<char[]> take();
    void give(std::unique_ptr<char[]> block);

    // Sets the budget: how many bytes the loop may hold for all its clients. At or above the budget, no new work is
    // started and no buffer grows.
    void set_budget(std::size_t bytes) noexcept { budget_ = bytes; }
    bool full() const noexcept { return held() >= budget_; }
    std::size_t held() const noexcept { return held_.load(std::memory_order_relaxed); }  // thread-safe
    void count(std::size_t before, std::size_t after) noexcept {
        held_.store(held() - before + after, std::memory_order_relaxed);
    }

private:
    std::size_t budget_ = static_cast<std::size_t>(-1);
    std::atomic<std::size_t> held_ = 0;  // written only by the loop's thread
    std::vector<std::unique_ptr<char[]>> free_;
};

class Ledger;

class Buffer {
public:
    explicit Buffer(BufferPool& buffer_pool) noexcept : buffer_pool_(buffer_pool) {}
    // `ledger` counts this buffer's memory and must outlive the buffer.
    Buffer(BufferPool& buffer_pool, Ledger& ledger) noexcept : buffer_pool_(buffer_pool), ledger_(&ledger) {}
    ~Buffer() { release(); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    std::string_view view() const noexcept { return {memory_.get() + begin_, end_ - begin_}; }
    std::span<char> held() noexcept { return {memory_.get() + begin_, end_ - begin_}; }  // like view(), but writable
    std::size_t size() const noexcept { return end_ - begin_; }
    bool empty() const noexcept { return begin_ == end_; }
    std::size_t capacity() const noexcept { return capacity_; }
    BufferPool& buffer_pool() const noexcept { return buffer_pool_; }

    enum class Room : bool {
        usual,
        ample,  // an empty buffer allocates memory for all of `limit` at once
    };
    // Returns the memory to read more bytes into. May move the bytes or grow the buffer, which invalidates views.
    // Returns an empty span when the buffer holds `limit` bytes, or when it is full and the pool is over its budget.
    std::span<char> space(std::size_t limit, Room room = Room::usual);
    void commit(std::size_t count) noexcept { end_ += count; }  // call after writing `count` bytes to space()
    void consume(std::size_t count) noexcept;                   // Requires: count <= size()

    // Call before a long wait: frees the memory, or moves the few bytes held to a small allocation.
    void park();
    void release() noexcept;  // drops the bytes and frees the memory

private:
    static constexpr std::size_t kParkedSize = 2 << 10;

    void take_memory(std::size_t capacity);
    void count(std::size_t before, std::size_t after) noexcept;
    void move_to(std::unique_ptr<char[]> memory, std::size_t capacity) noexcept;

    BufferPool& buffer_pool_;
    Ledger* const ledger_ = nullptr;  // null: only the pool counts the memory
    std::unique_ptr<char[]> memory_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace bodega::net
