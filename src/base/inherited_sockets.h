// Listening sockets that this process was given at its start: by systemd (socket activation, sd_listen_fds(3)), or by
// the process that it replaces.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/fd.h"

namespace bodega::base {

// One of them. Somebody else keeps it open (systemd): connections wait in it while no process of ours runs.
struct ListeningSocket {
    int fd = -1;
    bool kept_elsewhere = false;
};

// Thread-safe.
class InheritedSockets {
public:
    // The name, among LISTEN_FDNAMES, of a socket that nobody keeps open but who gave it to us.
    static constexpr const char* kOurs = "bodega-own";

    // Takes over what LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES announce, and removes those from the environment.
    // Before any other thread runs. Never null.
    static std::shared_ptr<InheritedSockets> from_environment();

    InheritedSockets() = default;
    explicit InheritedSockets(std::vector<ListeningSocket> sockets);  // which it owns
    ~InheritedSockets();
    InheritedSockets(const InheritedSockets&) = delete;
    InheritedSockets& operator=(const InheritedSockets&) = delete;

    struct Claimed {
        Fd fd;  // non-blocking, close-on-exec
        bool kept_elsewhere = false;
    };
    // The stream socket that listens on this address; a port of 0 fits any. Each is claimed once.
    Claimed claim(const sockaddr& address, socklen_t length);  // no fd: there is none

    bool empty() const;  // none is left to claim

    // Closes those that nobody claimed; their addresses, for the log.
    std::vector<std::string> close_rest();

private:
    mutable std::mutex mutex_;
    std::vector<ListeningSocket> sockets_;  // protected by mutex_
};

}  // namespace bodega::base
