// Uploads that are copied away from writers that were lost, on threads of their own: who waits for one holds no thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/services.h"
#include "app/uploads/upload_lease.h"
#include "base/clock.h"
#include "base/error.h"

namespace bodega::app {

// Thread-safe. The services of every move outlive it, or stop() comes before their end.
class UploadMoves {
public:
    UploadMoves() = default;
    ~UploadMoves() { stop(); }
    UploadMoves(const UploadMoves&) = delete;
    UploadMoves& operator=(const UploadMoves&) = delete;

    // Copies what the lease's upload needs copied, at the disk's speed, and lets the lease go. False: kMost are copied
    // already; the lease is let go.
    bool begin(const Services& services, std::unique_ptr<UploadLease> lease);
    static constexpr std::size_t kMost = 4;

    // Why the last move of this upload failed, once, within kMemory.
    std::optional<base::Error> take_failure(const base::Ulid& upload);
    static constexpr std::chrono::seconds kMemory{60};

    // Moves end at their next step; what was copied is not lost. None begins any more.
    void stop();

private:
    struct Failure {
        base::Error error;
        base::Steady::time_point at;
    };
    struct Move {
        std::thread thread;
        bool over = false;
    };

    void run(const Services& services, std::unique_ptr<UploadLease> lease, Move& move);
    void copy(const Services& services, UploadLease& lease);
    void clear_old();
    bool is_stopping() const;

    mutable std::mutex mutex_;  // protects all below
    std::vector<std::unique_ptr<Move>> moves_;
    std::map<base::Ulid, Failure> failures_;
    bool stopping_ = false;
};

}  // namespace bodega::app
