// The client's end of a channel to the app, on a loop.
#pragma once

#include <memory>

#include "base/duplex_pipe.h"
#include "net/loop.h"
#include "net/transport.h"

namespace bodega::edge {

class ChannelStream final : public Stream, private SignalTarget {
public:
    ChannelStream(Loop& loop, std::shared_ptr<base::Channel> channel);
    ~ChannelStream() override;
    ChannelStream(const ChannelStream&) = delete;
    ChannelStream& operator=(const ChannelStream&) = delete;

    IoResult receive(Buffer& buffer, std::size_t limit, Buffer::Room room = Buffer::Room::usual) override;
    IoResult receive(std::span<char> to) override;
    IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept override;
    IoResult send_file(int file, off_t& offset, std::size_t count) noexcept override;  // fails: none is sent to the app
    void shut_writing() noexcept override;

private:
    void on_signal() noexcept override;

    Loop& loop_;
    const std::shared_ptr<base::Channel> channel_;
};

}  // namespace bodega::edge
