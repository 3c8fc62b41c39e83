// What carries a connection's bytes: a socket, or a channel within the process.
//
// Blocking; used by one thread at a time, but for cut().
#pragma once

#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/duplex_pipe.h"
#include "base/fd.h"
#include "config/config.h"

namespace bodega::web {

class Wire {
public:
    virtual ~Wire() = default;

    enum class Status : std::uint8_t { done, timeout, ended, failed };
    struct Received {
        Status status;
        std::size_t bytes;
    };
    // Some bytes; waits for them at most about `limit`, not at all for zero.
    virtual Received receive(std::span<char> to, std::chrono::milliseconds limit) = 0;
    virtual bool send(std::span<iovec> pieces) = 0;  // all of them; may change the vectors
    // As far as there is room, without waiting: the number of bytes. std::nullopt: the other end takes no more.
    virtual std::optional<std::size_t> send_now(std::string_view text) = 0;
    virtual void shut_writing() = 0;
    virtual void cut() = 0;  // both ways; wakes who waits. Thread-safe
};

class SocketWire final : public Wire {
public:
    // send_limit: of one wait for room.
    SocketWire(base::Fd fd, bool is_tcp, config::Duration send_limit);

    Received receive(std::span<char> to, std::chrono::milliseconds limit) override;
    bool send(std::span<iovec> pieces) override;
    std::optional<std::size_t> send_now(std::string_view text) override;
    void shut_writing() override;
    void cut() override;
    int fd() const noexcept { return fd_.get(); }

private:
    const base::Fd fd_;
};

class ChannelWire final : public Wire {
public:
    ChannelWire(std::shared_ptr<base::Channel> channel, config::Duration send_limit);
    ~ChannelWire() override;

    Received receive(std::span<char> to, std::chrono::milliseconds limit) override;
    bool send(std::span<iovec> pieces) override;
    std::optional<std::size_t> send_now(std::string_view text) override;
    void shut_writing() override;
    void cut() override;

private:
    const std::shared_ptr<base::Channel> channel_;
    const config::Duration send_limit_;
};

}  // namespace bodega::web
