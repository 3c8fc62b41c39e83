#include "base/duplex_pipe.h"

#include <algorithm>
#include <utility>

namespace bodega::base {
namespace {

constexpr std::size_t kKept = 64 << 10;  // bytes of memory that an idle pipe keeps in each direction

std::size_t total(std::span<const iovec> pieces) {
    std::size_t bytes = 0;
    for (const iovec& piece : pieces) bytes += piece.iov_len;
    return bytes;
}

}  // namespace

// --- Stream: one direction of a pipe

std::size_t DuplexPipe::Stream::append(std::span<const iovec> pieces, std::size_t skip) {
    std::size_t taken = 0;
    if (begin_ == bytes_.size()) {
        bytes_.clear();
        begin_ = 0;
    } else if (begin_ > 0) {
        bytes_.erase(0, begin_);
        begin_ = 0;
    }
    for (const iovec& piece : pieces) {
        std::size_t skipped = std::min(skip, piece.iov_len);
        skip -= skipped;
        std::size_t count = std::min(piece.iov_len - skipped, room());
        bytes_.append(static_cast<const char*>(piece.iov_base) + skipped, count);
        taken += count;
    }
    return taken;
}

std::size_t DuplexPipe::Stream::take(std::span<char> to) {
    std::size_t count = std::min(to.size(), size());
    std::copy_n(bytes_.data() + begin_, count, to.data());
    begin_ += count;
    return count;
}

void DuplexPipe::Stream::give_memory_back() {
    if (size() > 0 || bytes_.capacity() <= kKept) return;
    std::string().swap(bytes_);
    begin_ = 0;
}

// --- client side

void DuplexPipe::client_open(std::function<void()> notify) {
    const MutexLock lock(mutex_);
    notify_ = std::move(notify);
}

void DuplexPipe::client_close() {
    std::function<void()> arrived;
    {
        const MutexLock lock(mutex_);
        notify_ = nullptr;
        to_server_.ended = to_client_.ended = true;
        arrived = take_watch();
        moved_.notify_one();
    }
    if (arrived) arrived();
}

void DuplexPipe::client_shut_writing() {
    std::function<void()> arrived;
    {
        const MutexLock lock(mutex_);
        to_server_.ended = true;
        arrived = take_watch();
        moved_.notify_one();
    }
    if (arrived) arrived();
}

DuplexPipe::View DuplexPipe::client_view() {
    const MutexLock lock(mutex_);
    return {.bytes = to_client_.size(),
            .readable = to_client_.size() > 0 || to_client_.ended,
            .writable = to_server_.room() > 0 || to_server_.ended,
            .ended = to_client_.ended,
            .broken = to_client_.ended && to_server_.ended};
}

std::optional<std::size_t> DuplexPipe::client_send(std::span<const iovec> pieces) {
    std::function<void()> arrived;
    std::size_t taken = 0;
    {
        const MutexLock lock(mutex_);
        if (to_server_.ended) return std::nullopt;
        taken = to_server_.append(pieces, 0);
        client_wants_room_ = taken < total(pieces);
        if (taken > 0) arrived = take_watch();
        if (taken > 0 && server_waits_) moved_.notify_one();
    }
    if (arrived) arrived();
    return taken;
}

std::size_t DuplexPipe::client_receive(std::span<char> to) {
    const MutexLock lock(mutex_);
    std::size_t taken = to_client_.take(to);
    if (arrived_) to_client_.give_memory_back();
    if (taken > 0 && server_waits_) moved_.notify_one();
    return taken;
}

// --- server side

DuplexPipe::Received DuplexPipe::server_receive(std::span<char> to, std::chrono::milliseconds limit) {
    const MutexLock lock(mutex_);
    auto something = [&]() REQUIRES(mutex_) { return to_server_.size() > 0 || to_server_.ended; };
    if (!something() && limit.count() > 0) {
        server_waits_ = true;
        moved_.wait_for(mutex_, limit, something);
        server_waits_ = false;
    }
    std::size_t taken = to_server_.take(to);
    if (taken == 0) return {to_server_.ended ? Io::ended : Io::timeout, 0};
    // Notifies the client only when half of the buffer is free, so that the threads don't switch for a few bytes at a
    // time.
    if (client_wants_room_ && to_server_.room() >= kCapacity / 2) {
        client_wants_room_ = false;
        notify_client();
    }
    return {Io::done, taken};
}

DuplexPipe::Io DuplexPipe::server_send(std::span<const iovec> pieces, std::chrono::milliseconds limit) {
    const MutexLock lock(mutex_);
    std::size_t wanted = total(pieces);
    for (std::size_t sent = 0; sent < wanted;) {
        if (to_client_.ended) return Io::ended;
        bool was_empty = to_client_.size() == 0;
        std::size_t taken = to_client_.append(pieces, sent);
        sent += taken;
        if (was_empty && taken > 0) notify_client();
        if (sent == wanted) break;
        server_waits_ = true;
        bool room = moved_.wait_for(
            mutex_, limit, [&]() REQUIRES(mutex_) { return to_client_.room() >= kCapacity / 2 || to_client_.ended; });
        server_waits_ = false;
        if (!room) return Io::timeout;
    }
    return Io::done;
}

void DuplexPipe::server_shut_writing() {
    const MutexLock lock(mutex_);
    to_client_.ended = true;
    notify_client();
}

void DuplexPipe::server_close() {
    std::function<void()> arrived;
    {
        const MutexLock lock(mutex_);
        to_server_.ended = to_client_.ended = true;
        notify_client();
        arrived = take_watch();
        moved_.notify_one();
    }
    if (arrived) arrived();
}

bool DuplexPipe::server_watch(std::function<void()> arrived) {
    const MutexLock lock(mutex_);
    if (to_server_.size() > 0 || to_server_.ended) return false;
    arrived_ = std::move(arrived);
    to_server_.give_memory_back();
    to_client_.give_memory_back();
    return true;
}

void DuplexPipe::notify_client() const {
    if (notify_) notify_();
}

std::function<void()> DuplexPipe::take_watch() { return std::exchange(arrived_, nullptr); }

// --- PipeListener

std::shared_ptr<DuplexPipe> PipeListener::connect() {
    auto pipe = std::make_shared<DuplexPipe>();
    std::function<void(std::shared_ptr<DuplexPipe>)> accept;
    {
        const MutexLock lock(mutex_);
        if (!accept_) return nullptr;
        std::erase_if(open_, [](const std::weak_ptr<DuplexPipe>& other) { return other.expired(); });
        open_.push_back(pipe);
        accept = accept_;
    }
    accept(pipe);
    return pipe;
}

void PipeListener::accept_with(std::function<void(std::shared_ptr<DuplexPipe>)> accept) {
    const MutexLock lock(mutex_);
    accept_ = std::move(accept);
}

void PipeListener::refuse() {
    const MutexLock lock(mutex_);
    accept_ = nullptr;
}

void PipeListener::cut() {
    std::vector<std::weak_ptr<DuplexPipe>> open;
    {
        const MutexLock lock(mutex_);
        open.swap(open_);
    }
    for (const std::weak_ptr<DuplexPipe>& weak : open)
        if (std::shared_ptr<DuplexPipe> pipe = weak.lock()) pipe->server_close();
}

}  // namespace bodega::base
