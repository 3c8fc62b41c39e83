// Starts a new process of the binary, as it is now on the disk, and hands this process's listening sockets over to it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/inherited_sockets.h"
#include "config/config.h"
#include "server/signals.h"

namespace bodega::server {

// Used by one thread.
class Successor {
public:
    // Starts the file that argv[0] names with this process's arguments and environment, as a child of this process's
    // parent. The sockets stay open here, too. Throws base::Error if there is no such file or no process can be
    // created. Requires: this process is not the first one of its container.
    explicit Successor(const std::vector<base::ListeningSocket>& sockets);
    ~Successor();  // ends the process, unless it became ready and got the confirmation
    Successor(const Successor&) = delete;
    Successor& operator=(const Successor&) = delete;

    enum class State : std::uint8_t { starting, ready, failed };
    State await(config::Duration limit);  // its state, after waiting up to `limit`

    int process() const noexcept { return process_; }
    const std::string& executable() const noexcept { return executable_; }
    // Why the process could not start, or its own reason for ending; empty if it gave none. Requires: it has failed.
    const std::string& failure_reason() const noexcept { return failure_reason_; }

private:
    void end_it();

    std::string executable_;
    pid_t process_ = -1;
    base::Fd handle_;   // its pidfd; empty before Linux 5.2
    base::Fd control_;  // a socket: the new process reports that it is ready, and this one confirms
    State state_ = State::starting;
    std::string failure_reason_;
};

// The process that started this one as its successor, if any. It waits for the report that this one is ready. Until
// both have agreed, the shared sockets and their files belong to the other process.
class UpgradeParent {
public:
    UpgradeParent();  // reads the environment and clears the variable; create it before any other thread runs

    bool exists() const noexcept { return static_cast<bool>(control_); }
    // Reports that this process is ready, and waits for the confirmation. False: the other process gave up waiting, or
    // a stop was requested. Then the other one continues to serve, and this one must end and leave the shared sockets
    // and files to it. True if there is no other process.
    bool agree(Signals& signals) noexcept;
    // Tells the parent why this process ends before it was ready. Does nothing once both agreed.
    void refuse(std::string_view why) noexcept;

private:
    base::Fd control_;
};

}  // namespace bodega::server
