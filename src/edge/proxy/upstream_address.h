// Where a connection pool connects to: the app in this process, the app's unix socket, or a configured server.
//
// Only this class knows which of them it is. Belongs to its loop's thread.
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
    explicit UpstreamAddress(std::shared_ptr<base::PipeListener> app) noexcept;  // in this process. Requires: not null
    explicit UpstreamAddress(std::string socket) noexcept;                       // the path of the app's unix socket
    explicit UpstreamAddress(UpstreamServer& server) noexcept;                   // which outlives the address

    // The app's address; its listener is preferred to its socket.
    static UpstreamAddress of_app(const Options& options);

    enum class Failure : std::uint8_t {
        refused,
        full,  // the backlog has no room: try again later
    };
    using Opened = base::Result<std::unique_ptr<net::Transport>, Failure>;
    // Starts a connection, to the next endpoint in turn. The transport becomes writable once it is connected, and
    // broken if that fails. Never waits. Throws base::Error if the loop can't watch the socket.
    Opened open(net::Loop& loop) const;
    // True if what open() returns is connected already.
    bool connects_at_once() const noexcept { return !server(); }

    // How many endpoints there are now; 0: a server's name can't be resolved.
    std::size_t count() const;
    // Changes when the endpoints do: connections to earlier ones are not kept.
    std::uint32_t generation() const noexcept;

private:
    UpstreamServer* server() const noexcept {
        const auto* held = std::get_if<UpstreamServer*>(&kind_);
        return held ? *held : nullptr;
    }

    std::variant<std::shared_ptr<base::PipeListener>, std::string, UpstreamServer*> kind_;
};

}  // namespace bodega::edge
