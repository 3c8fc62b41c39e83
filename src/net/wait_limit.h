// Ends the waits of one blocking operation with a server: at a deadline, or when the operation is aborted.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/clock.h"

namespace bodega::net {

class WaitLimit {
public:
    // Called several times a second during a wait. Returns false to abort the operation.
    using Continues = std::function<bool()>;
    static constexpr std::chrono::milliseconds kCheckEvery{200};

    // `server` is named in the errors. Without `continues`, only the deadline ends a wait.
    WaitLimit(std::string server, base::Steady::time_point deadline, Continues continues);

    // Throws Error{unavailable} if the operation has to end.
    void check() const;

    // Waits until `fd` has one of `events` (poll(2)) or an error. Throws like check().
    void await(int fd, short events) const;
    // Like await() without `until`, but returns false at that time if `fd` is still not ready.
    bool await(int fd, short events, base::Steady::time_point until) const;

    base::Steady::time_point deadline() const noexcept { return deadline_; }
    const std::string& server() const noexcept { return server_; }

private:
    const std::string server_;
    const base::Steady::time_point deadline_;
    const Continues continues_;
};

}  // namespace bodega::net
