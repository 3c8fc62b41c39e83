#include "net/buffer.h"

#include <algorithm>
#include <cstring>

#include "net/ledger.h"

namespace bodega::net {

std::unique_ptr<char[]> BufferPool::take() {
    // Not make_unique, which would fill the memory with zeros.
    if (free_.empty()) return std::unique_ptr<char[]>(new char[kSize]);
    std::unique_ptr<char[]> block = std::move(free_.back());
    free_.pop_back();
    return block;
}

void BufferPool::give(std::unique_ptr<char[]> block) {
    if (free_.size() < kKeep) free_.push_back(std::move(block));
}

void Buffer::count(std::size_t before, std::size_t after) noexcept {
    if (ledger_) ledger_->count(before, after);
    else buffer_pool_.count(before, after);
}

void Buffer::take_memory(std::size_t capacity) {
    release();
    if (buffer_pool_.full()) capacity = BufferPool::kSize;
    memory_ = capacity > BufferPool::kSize ? std::unique_ptr<char[]>(new char[capacity]) : buffer_pool_.take();
    capacity_ = std::max(capacity, BufferPool::kSize);
    count(0, capacity_);
}

std::span<char> Buffer::space(std::size_t limit, Room room) {
    if (size() >= limit) return {};
    std::size_t wanted = room == Room::ample && !buffer_pool_.full() ? limit : BufferPool::kSize;
    if (!memory_ || (empty() && capacity_ < wanted)) {
        take_memory(wanted);
    } else if (end_ == capacity_ && begin_ > 0) {
        std::memmove(memory_.get(), memory_.get() + begin_, size());
        end_ -= begin_;
        begin_ = 0;
    } else if (end_ == capacity_) {
        if (buffer_pool_.full()) return {};
        std::size_t capacity = std::min(std::max(capacity_ * 2, BufferPool::kSize), std::max(limit, capacity_ + 1));
        move_to(std::unique_ptr<char[]>(new char[capacity]), capacity);
    }
    return {memory_.get() + end_, std::min(capacity_ - end_, limit - size())};
}

void Buffer::move_to(std::unique_ptr<char[]> memory, std::size_t capacity) noexcept {
    std::size_t held = size();
    count(capacity_, capacity);
    std::copy_n(memory_.get() + begin_, held, memory.get());
    if (capacity_ == BufferPool::kSize) buffer_pool_.give(std::move(memory_));
    memory_ = std::move(memory);
    capacity_ = capacity;
    begin_ = 0;
    end_ = held;
}

void Buffer::consume(std::size_t count) noexcept {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
}

void Buffer::park() {
    if (!memory_) return;
    if (empty()) return release();
    if (capacity_ >= BufferPool::kSize && size() <= kParkedSize / 2)
        move_to(std::unique_ptr<char[]>(new char[kParkedSize]), kParkedSize);
}

void Buffer::release() noexcept {
    if (memory_ && capacity_ == BufferPool::kSize) buffer_pool_.give(std::move(memory_));
    memory_.reset();
    count(capacity_, 0);
    capacity_ = begin_ = end_ = 0;
}

}  // namespace bodega::net
