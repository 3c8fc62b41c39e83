// Starts a new process of the binary that is on the disk now, and passes this process's listening sockets to it.
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
    // parent. The sockets stay open in this process too. Throws base::Error if there is no such file or no process can
    // be created. Requires: this process is not the first one of its container.
    explicit Successor(const std::vector<base::ListeningSocket>& sockets);
    ~Successor();  // ends the new process, unless it became ready and got the confirmation
    Successor(const Successor&) = delete;
    Successor& operator=(const Successor&) = delete;

    enum class State : std::uint8_t { starting, ready, failed };
    State await(config::Duration limit);  // waits up to `limit`, then returns the state of the new process

    int process() const noexcept { return process_; }
    const std::string& executable() const noexcept { return executable_; }
    // Returns why the new process could not start, or the reason that it gave before it ended; empty if it gave no
    // reason. Requires: the state is State::failed.
    const std::string& failure_reason() const noexcept { return failure_reason_; }

private:
    void end_it();

    std::string executable_;
    pid_t process_ = -1;
    base::Fd handle_;   // pidfd of the new process; empty before Linux 5.2
    base::Fd control_;  // a socket: the new process reports that it is ready, and this process confirms
    State state_ = State::starting;
    std::string failure_reason_;
};

// The process that started this process as its successor, if there is one. The parent waits for the report that this
// process is ready. Until both have agreed, the shared sockets and their files belong to the parent.
class UpgradeParent {
public:
    UpgradeParent();  // reads the environment and clears the variable; create it before any other thread runs

    bool exists() const noexcept { return static_cast<bool>(control_); }
    // Reports that this process is ready, and waits for the confirmation. Returns true if the parent confirmed, or if
    // there is no parent. Returns false if the parent gave up waiting, or if a stop was requested: the parent then
    // continues to serve, and this process must end and leave the shared sockets and files to it.
    bool agree(Signals& signals) noexcept;
    // Tells the parent why this process ends before it was ready. Does nothing after both have agreed.
    void refuse(std::string_view why) noexcept;

private:
    base::Fd control_;
};

}  // namespace bodega::server
