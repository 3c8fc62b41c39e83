// Carries a connection's bytes: a socket, or a pipe within the process.
//
// Blocking. Used by one thread at a time, except for cut().
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

class Transport {
public:
    virtual ~Transport() = default;

    enum class Status : std::uint8_t { done, timeout, ended, failed };
    struct Received {
        Status status;
        std::size_t bytes;
    };
    // Receives bytes. Waits at most about `limit` for input. With a limit of zero it does not wait.
    virtual Received receive(std::span<char> to, std::chrono::milliseconds limit) = 0;
    virtual bool send(std::span<iovec> pieces) = 0;  // sends all pieces; may change the vectors
    // Sends as much as possible without waiting. Returns the number of bytes, 0 if the buffer is full, or std::nullopt
    // if the connection is closed or has failed.
    virtual std::optional<std::size_t> send_now(std::string_view text) = 0;
    virtual void shut_writing() = 0;
    virtual void cut() = 0;  // ends both directions and wakes a waiting thread; thread-safe
};

class SocketTransport final : public Transport {
public:
    // send_limit: the longest wait for space in the socket's buffer.
    SocketTransport(base::Fd fd, bool is_tcp, config::Duration send_limit);

    Received receive(std::span<char> to, std::chrono::milliseconds limit) override;
    bool send(std::span<iovec> pieces) override;
    std::optional<std::size_t> send_now(std::string_view text) override;
    void shut_writing() override;
    void cut() override;
    int fd() const noexcept { return fd_.get(); }

private:
    const base::Fd fd_;
};

class PipeTransport final : public Transport {
public:
    PipeTransport(std::shared_ptr<base::DuplexPipe> pipe, config::Duration send_limit);
    ~PipeTransport() override;

    Received receive(std::span<char> to, std::chrono::milliseconds limit) override;
    bool send(std::span<iovec> pieces) override;
    std::optional<std::size_t> send_now(std::string_view text) override;
    void shut_writing() override;
    void cut() override;

private:
    const std::shared_ptr<base::DuplexPipe> pipe_;
    const config::Duration send_limit_;
};

}  // namespace bodega::web
