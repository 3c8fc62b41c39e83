// Listening sockets that this process received at its start from systemd (socket activation, sd_listen_fds(3)) or from
// the process that it replaces.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"

namespace bodega::base {

// kept_elsewhere: another process (systemd) keeps the socket open, so connections queue in it while no bodega process
// runs.
struct ListeningSocket {
    int fd = -1;
    bool kept_elsewhere = false;
};

// Thread-safe.
class InheritedSockets {
public:
    // A socket has this name in LISTEN_FDNAMES if another bodega process passed it on and no other process keeps it
    // open.
    static constexpr const char* kOurs = "bodega-own";

    // Takes over the sockets that LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES announce, and removes these variables from
    // the environment. Call it before any other thread starts. Never null.
    static std::shared_ptr<InheritedSockets> from_environment();

    InheritedSockets() = default;
    explicit InheritedSockets(std::vector<ListeningSocket> sockets);  // takes ownership of the descriptors
    ~InheritedSockets();
    InheritedSockets(const InheritedSockets&) = delete;
    InheritedSockets& operator=(const InheritedSockets&) = delete;

    struct Claimed {
        Fd fd;  // non-blocking, close-on-exec
        bool kept_elsewhere = false;
    };
    // Returns the stream socket that listens on this address (port 0 matches any), or an empty `fd` if no socket does.
    // Each socket is returned only once.
    Claimed claim(const sockaddr& address, socklen_t length);

    bool empty() const;  // true when every socket was claimed

    // Closes the unclaimed sockets and returns their addresses, for the log.
    std::vector<std::string> close_rest();

private:
    mutable Mutex mutex_;
    std::vector<ListeningSocket> sockets_ GUARDED_BY(mutex_);
};

}  // namespace bodega::base
