// A TCP relay in front of a database: passes bytes on, and breaks a connection at its COMMIT on request.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"

namespace bodega::test {

class Relay {
public:
    enum class Cut {
        none,
        before,  // the server never sees the COMMIT
        after,   // the server executes it, and its answer is lost
        late,    // the client is cut off at once, and the server gets the COMMIT later
    };

    // Listens on a free port of 127.0.0.1 and connects to `target_port` there.
    explicit Relay(int target_port);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    int port() const noexcept { return port_; }

    // The action at the next COMMIT, once.
    void cut_next_commit(Cut cut) noexcept { cut_ = cut; }
    // Cuts made so far.
    int cuts() const noexcept { return cuts_; }

private:
    void accept_all(std::stop_token stop);
    void serve(std::stop_token stop, base::Fd client);
    bool pass_from_client(base::Fd& client, base::Fd& server);
    void carry_out(Cut cut, base::Fd& client, base::Fd& server, const std::string& bytes);

    const int target_port_;
    int port_ = 0;
    base::Fd listener_;
    std::atomic<Cut> cut_ = Cut::none;
    std::atomic<int> cuts_ = 0;
    std::vector<std::jthread> connections_;  // of the accepting thread
    std::jthread acceptor_;
};

}  // namespace bodega::test
