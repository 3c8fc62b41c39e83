#include "net/pipe_transport.h"

#include <utility>

namespace bodega::net {

PipeTransport::PipeTransport(Loop& loop, std::shared_ptr<base::DuplexPipe> pipe)
    : Transport(nullptr), loop_(loop), pipe_(std::move(pipe)) {
    pipe_->client_open([this] { loop_.signal(*this); });
}

PipeTransport::~PipeTransport() {
    pipe_->client_close();
    loop_.forget(*this);
}

void PipeTransport::on_signal() noexcept {
    base::DuplexPipe::View view = pipe_->client_view();
    readable_ = view.readable;
    writable_ = view.writable;
    closed_ = view.ended;
    broken_ = view.broken;
    if (wakeup_) wakeup_->notify();
}

IoResult PipeTransport::receive(Buffer& buffer, std::size_t limit, Buffer::Room room) {
    if (!readable_) return {Io::blocked};
    // Reads many waiting bytes into a large buffer, because one large write to the client costs less than two.
    if (pipe_->client_view().bytes > BufferPool::kSize) room = Buffer::Room::ample;
    std::span<char> space = buffer.space(limit, room);
    if (space.empty()) return {Io::failed};
    IoResult result = receive(space);
    buffer.commit(result.bytes);
    return result;
}

IoResult PipeTransport::receive(std::span<char> to) {
    if (!readable_) return {Io::blocked};
    std::size_t bytes = pipe_->client_receive(to);
    // If the peer closes the pipe during this call, a later on_signal() makes the transport readable again.
    if (bytes < to.size() && !closed_) readable_ = false;
    if (bytes > 0) return {Io::done, bytes};
    return {closed_ ? Io::ended : Io::blocked};
}

IoResult PipeTransport::send(std::span<const iovec> pieces, More) noexcept {
    if (!writable_) return {Io::blocked};
    std::size_t wanted = 0;
    for (const iovec& piece : pieces) wanted += piece.iov_len;
    auto taken = pipe_->client_send(pieces);
    if (!taken) return {Io::failed};
    if (*taken < wanted) writable_ = false;
    return {*taken > 0 ? Io::done : Io::blocked, *taken};
}

IoResult PipeTransport::send_file(int, off_t&, std::size_t) noexcept { return {Io::failed}; }

void PipeTransport::shut_writing() noexcept { pipe_->client_shut_writing(); }

}  // namespace bodega::net
