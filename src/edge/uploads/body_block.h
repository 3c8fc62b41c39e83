// A block of memory that collects body bytes before they are written to a file. It is aligned for direct I/O, so the
// disk can read it without a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>

namespace bodega::edge {

class BodyBlock {
public:
    static constexpr std::size_t kAlignment = 4096;

    BodyBlock() = default;
    // capacity: in bytes; a multiple of kAlignment.
    explicit BodyBlock(std::size_t capacity)
        : memory_(static_cast<char*>(std::aligned_alloc(kAlignment, capacity))), capacity_(capacity) {
        if (!memory_) throw std::bad_alloc();
    }

    std::span<char> room() const noexcept { return {memory_.get() + size_, capacity_ - size_}; }
    void commit(std::size_t bytes) noexcept { size_ += bytes; }  // call after writing `bytes` bytes to room()
    void drop(std::size_t bytes) noexcept { size_ -= bytes; }    // removes the last bytes
    void clear() noexcept { size_ = 0; }

    std::span<const std::uint8_t> bytes() const noexcept {
        return {reinterpret_cast<const std::uint8_t*>(memory_.get()), size_};
    }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    bool full() const noexcept { return size_ == capacity_; }

private:
    struct Free {
        void operator()(char* memory) const noexcept { std::free(memory); }
    };
    std::unique_ptr<char, Free> memory_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
};

}  // namespace bodega::edge
