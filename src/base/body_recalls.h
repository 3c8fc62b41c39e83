// Registry of the writers in this process that receive bodies, keyed by their order's ticket. When a client comes back
// on another connection, the registry asks the old writer to stop and to release what it holds.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "base/ulid.h"

namespace bodega::base {

// Thread-safe.
class BodyRecalls {
public:
    // Registers a writer for as long as the seat lives.
    class Seat {
    public:
        Seat(BodyRecalls& recalls, const Ulid& ticket, std::function<void()> stop);
        ~Seat();
        Seat(const Seat&) = delete;
        Seat& operator=(const Seat&) = delete;

    private:
        BodyRecalls& recalls_;
        const Ulid ticket_;
    };

    // Calls the writer's `stop` on this thread. `stop` must not block and must not call this object; it is never called
    // after the seat's destruction. False: no writer here has that ticket.
    bool recall(const Ulid& ticket);

    bool empty() const;

private:
    mutable std::mutex mutex_;
    std::map<Ulid, std::function<void()>> writers_;  // protected by mutex_; one per body being received
};

}  // namespace bodega::base
