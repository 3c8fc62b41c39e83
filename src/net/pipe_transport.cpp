#include "net/pipe_transport.h"

#include <utility>

namespace bodega::edge {

ChannelStream::ChannelStream(Loop& loop, std::shared_ptr<base::Channel> channel)
    : Stream(nullptr), loop_(loop), channel_(std::move(channel)) {
    channel_->client_open([this] { loop_.signal(*this); });
}

ChannelStream::~ChannelStream() {
    channel_->client_close();
    loop_.forget(*this);
}

void ChannelStream::on_signal() noexcept {
    base::Channel::View view = channel_->client_view();
    readable_ = view.readable;
    writable_ = view.writable;
    closed_ = view.ended;
    broken_ = view.broken;
    if (waiter_) waiter_->notify();
}

IoResult ChannelStream::receive(Buffer& buffer, std::size_t limit, Buffer::Room room) {
    if (!readable_) return {Io::blocked};
    // One write to the client costs less than two.
    if (channel_->client_view().bytes > Blocks::kSize) room = Buffer::Room::ample;
    std::span<char> space = buffer.space(limit, room);
    if (space.empty()) return {Io::failed};
    IoResult result = receive(space);
    buffer.commit(result.bytes);
    return result;
}

IoResult ChannelStream::receive(std::span<char> to) {
    if (!readable_) return {Io::blocked};
    std::size_t bytes = channel_->client_receive(to);
    // An end that came meanwhile is told by a signal of its own.
    if (bytes < to.size() && !closed_) readable_ = false;
    if (bytes > 0) return {Io::done, bytes};
    return {closed_ ? Io::ended : Io::blocked};
}

IoResult ChannelStream::send(std::span<const iovec> pieces, More) noexcept {
    if (!writable_) return {Io::blocked};
    std::size_t wanted = 0;
    for (const iovec& piece : pieces) wanted += piece.iov_len;
    auto taken = channel_->client_send(pieces);
    if (!taken) return {Io::failed};
    if (*taken < wanted) writable_ = false;
    return {*taken > 0 ? Io::done : Io::blocked, *taken};
}

IoResult ChannelStream::send_file(int, off_t&, std::size_t) noexcept { return {Io::failed}; }

void ChannelStream::shut_writing() noexcept { channel_->client_shut_writing(); }

}  // namespace bodega::edge
