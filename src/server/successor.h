// A new process of the binary, as it is on the disk by now, that takes this one's place with its listening sockets.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/inherited_sockets.h"
#include "server/signals.h"
#include "config/config.h"

namespace bodega::cli {

// Used by one thread.
class Successor {
public:
    // Starts the file that argv[0] names, with this process's arguments and environment, as a child of this process's
    // parent. The sockets stay open here too. Throws base::Error if there is no such file, or no process to be had.
    // Requires: this process is not the first of its container.
    explicit Successor(const std::vector<base::ListeningSocket>& sockets);
    ~Successor();  // ends it, unless it is ready and was told that it was heard
    Successor(const Successor&) = delete;
    Successor& operator=(const Successor&) = delete;

    enum class State : std::uint8_t { starting, ready, failed };
    State await(config::Duration limit);  // what has become of it within that time

    int process() const noexcept { return process_; }
    const std::string& executable() const noexcept { return executable_; }
    // Why it could not be run, or what it said why it ended; empty if it said nothing. Requires: it has failed.
    const std::string& refusal() const noexcept { return refusal_; }

private:
    void end_it();

    std::string executable_;
    pid_t process_ = -1;
    base::Fd handle_;  // its pidfd; none before Linux 5.2
    base::Fd word_;    // a socket on which it says that it is ready, and hears that it was heard
    State state_ = State::starting;
    std::string refusal_;
};

// The process that started this one so, if any: it waits to hear that this one is ready. Until both have agreed on
// that, the sockets that they share, and the files of these, are the other one's.
class Predecessor {
public:
    Predecessor();  // from the environment, which it clears. Before any other thread runs.

    bool exists() const noexcept { return static_cast<bool>(word_); }
    // Says that this process is ready, and waits for the answer. False: the other one has given up waiting, or a stop
    // was requested; it continues to serve, so this one has to end and to leave it what they share. True as well
    // without another one.
    bool agree(Signals& signals) noexcept;
    // Tells it why this process ends before it is ready. Does nothing once both agreed.
    void refuse(std::string_view why) noexcept;

private:
    base::Fd word_;
};

}  // namespace bodega::cli
