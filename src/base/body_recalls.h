// Registry of the writers in this process that receive bodies; the key is the ticket of the writer's order. When a
// client reconnects, recall() asks the old writer to stop and to release its file.
#pragma once

#include <functional>
#include <map>

#include "base/mutex.h"
#include "base/ulid.h"

namespace bodega::base {

// Thread-safe.
class BodyRecalls {
public:
    // Registers a writer until the Seat is destroyed.
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

    // Calls the writer's `stop` on this thread. `stop` must not block and must not call this object. It is never called
    // after the Seat is destroyed. Returns false if no writer in this process has that ticket.
    bool recall(const Ulid& ticket);

    bool empty() const;

private:
    mutable Mutex mutex_;
    std::map<Ulid, std::function<void()>> writers_ GUARDED_BY(mutex_);  // one per body being received
};

}  // namespace bodega::base
