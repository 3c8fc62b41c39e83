// Copies uploads away from lost writers, on threads of its own, so that requests that wait for one hold no thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "app/services.h"
#include "app/uploads/upload_lease.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"

namespace bodega::app {

// Thread-safe. The services of every move outlive this object, or stop() is called before their end.
class UploadMoves {
public:
    UploadMoves() = default;
    ~UploadMoves() { stop(); }
    UploadMoves(const UploadMoves&) = delete;
    UploadMoves& operator=(const UploadMoves&) = delete;

    // Starts a thread that copies the lease's upload at the disk's speed and then releases the lease. False: kMax
    // copies are running already, or no thread could be started; the lease is released.
    bool begin(const Services& services, std::unique_ptr<UploadLease> lease);
    static constexpr std::size_t kMax = 4;

    // Returns, once, why the last move of this upload failed, if that was within kMemory.
    std::optional<base::Error> take_failure(const base::Ulid& upload);
    static constexpr std::chrono::seconds kMemory{60};

    // Ends running moves at their next step, keeping what they have copied. No further move can begin.
    void stop();

private:
    struct Failure {
        base::Error error;
        base::Steady::time_point at;
    };
    struct Move {
        std::thread thread;
        bool over = false;  // protected by mutex_
    };

    void run(const Services& services, std::unique_ptr<UploadLease> lease, Move& move);
    void copy(const Services& services, UploadLease& lease);
    void clear_old() REQUIRES(mutex_);
    bool is_stopping() const;

    mutable base::Mutex mutex_;
    std::vector<std::unique_ptr<Move>> moves_ GUARDED_BY(mutex_);
    std::map<base::Ulid, Failure> failures_ GUARDED_BY(mutex_);
    bool stopping_ GUARDED_BY(mutex_) = false;
};

}  // namespace bodega::app
