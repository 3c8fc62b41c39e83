// The address to which a connection pool connects: the app in this process, the app's unix socket, or a configured
// server. Only this class knows which of the three it is. Belongs to its loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "base/duplex_pipe.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/transport.h"

namespace bodega::edge {

struct Options;
class UpstreamServer;

class UpstreamAddress {
public:
    // for the app in this process; requires: not null
    explicit UpstreamAddress(std::shared_ptr<base::PipeListener> app) noexcept;
    explicit UpstreamAddress(std::string socket) noexcept;      // for the app's unix socket, by its path
    explicit UpstreamAddress(UpstreamServer& server) noexcept;  // for a configured server, which outlives the address

    // Returns the app's address: its PipeListener if the app is in this process, otherwise its unix socket.
    static UpstreamAddress of_app(const Options& options);

    enum class Failure : std::uint8_t {
        refused,
        full,  // the backlog is full; try again later
    };
    using Opened = base::Result<std::unique_ptr<net::Transport>, Failure>;
    // Starts a connection to the next endpoint. Never waits. The transport becomes writable when it is connected, and
    // broken if connecting fails. Throws base::Error if the loop can't watch the socket.
    Opened open(net::Loop& loop) const;
    // True if open() returns transports that are already connected.
    bool connects_at_once() const noexcept { return !server(); }

    // Returns the current number of endpoints: 0 if the server's name can't be resolved.
    std::size_t count() const;
    // Changes when the endpoints change. A connection that was opened before a change is not used again.
    std::uint32_t generation() const noexcept;

private:
    UpstreamServer* server() const noexcept {
        const auto* held = std::get_if<UpstreamServer*>(&kind_);
        return held ? *held : nullptr;
    }

    std::variant<std::shared_ptr<base::PipeListener>, std::string, UpstreamServer*> kind_;
};

}  // namespace bodega::edge
