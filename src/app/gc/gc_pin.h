// While it is held no blob is removed, whatever the sweepers of the fleet find: a backup reads them for hours after its
// snapshot. One backup of a catalog at a time has it. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "app/services.h"
#include "base/clock.h"
#include "base/ulid.h"

namespace bodega::app {

class BackupHold {
public:
    // Throws Error{conflict} if another backup holds it. renew_every: tests alone give it.
    explicit BackupHold(db::Pool& catalog, std::chrono::seconds renew_every = std::chrono::seconds(20));
    ~BackupHold();
    BackupHold(const BackupHold&) = delete;
    BackupHold& operator=(const BackupHold&) = delete;

    // Call it often: it renews the lease in time. Throws Error{unavailable} if it was lost, as by a process that slept.
    void keep();

private:
    db::Pool& catalog_;
    const std::chrono::seconds renew_every_;
    const base::Ulid owner_ = base::Ulid::make();
    std::int64_t fence_ = 0;

    std::mutex mutex_;
    base::Steady::time_point renewed_;  // protected by mutex_
};

}  // namespace bodega::app
