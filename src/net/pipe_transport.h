// A Transport on a loop whose bytes go through the client side of a DuplexPipe to the app.
#pragma once

#include <memory>

#include "base/duplex_pipe.h"
#include "net/loop.h"
#include "net/transport.h"

namespace bodega::net {

class PipeTransport final : public Transport, private SignalTarget {
public:
    PipeTransport(Loop& loop, std::shared_ptr<base::DuplexPipe> pipe);
    ~PipeTransport() override;
    PipeTransport(const PipeTransport&) = delete;
    PipeTransport& operator=(const PipeTransport&) = delete;

    IoResult receive(Buffer& buffer, std::size_t limit, Buffer::Room room = Buffer::Room::usual) override;
    IoResult receive(std::span<char> to) override;
    IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept override;
    // Always fails: no file is ever sent to the app.
    IoResult send_file(int file, off_t& offset, std::size_t count) noexcept override;
    void shut_writing() noexcept override;

private:
    void on_signal() noexcept override;

    Loop& loop_;
    const std::shared_ptr<base::DuplexPipe> pipe_;
};

}  // namespace bodega::net
