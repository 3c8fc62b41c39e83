// Finds a writer that is receiving a body in this process, by the ticket of its BodyOrder. When a client reconnects,
// recall() asks the old writer to stop and to release its file.
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

    // Calls `stop` of the writer that has this ticket, on the calling thread. Returns false if no writer in this
    // process has the ticket. `stop` must not block and must not call BodyRecalls. It is never called after its Seat is
    // destroyed.
    bool recall(const Ulid& ticket);

    bool empty() const;

private:
    mutable Mutex mutex_;
    std::map<Ulid, std::function<void()>> writers_ GUARDED_BY(mutex_);  // each writer's `stop`, by its ticket
};

}  // namespace bodega::base
