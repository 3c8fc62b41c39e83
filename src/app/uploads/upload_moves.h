// Copies uploads to other files (upload_move.h) on separate threads, so that a request that waits for a copy holds no
// thread.
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

// Thread-safe. Requires: the `services` that are passed to begin() outlive this object, or stop() is called before they
// are destroyed.
class UploadMoves {
public:
    UploadMoves() = default;
    ~UploadMoves() { stop(); }
    UploadMoves(const UploadMoves&) = delete;
    UploadMoves& operator=(const UploadMoves&) = delete;

    // Starts a thread that copies the upload at the disk's speed and then releases the lease. Returns false if kMax
    // copies are running or if no thread can be started; the lease is then released at once.
    bool begin(const Services& services, std::unique_ptr<UploadLease> lease);
    static constexpr std::size_t kMax = 4;

    // Returns the error of the upload's last copy, if it failed less than kMemory ago. Returns each error only once.
    std::optional<base::Error> take_failure(const base::Ulid& upload);
    static constexpr std::chrono::seconds kMemory{60};

    // Stops running copies and waits for their threads. The bytes that are already copied are kept. No further copy can
    // begin.
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
