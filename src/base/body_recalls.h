// The writers of this process that receive bodies, each by its order's ticket: so that one can be asked to stop, and to
// release what it holds, when its client has come again on another connection.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "base/ulid.h"

namespace bodega::base {

// Thread-safe.
class BodyRecalls {
public:
    // A writer is registered for as long as its seat lives.
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

    // Calls the writer's `stop` on this thread, which must not block nor come back here; never after the seat's end.
    // False: no writer here has that ticket.
    bool recall(const Ulid& ticket);

    bool empty() const;

private:
    mutable std::mutex mutex_;
    std::map<Ulid, std::function<void()>> writers_;  // protected by mutex_; bounded: the bodies being received
};

}  // namespace bodega::base
