#include "app/uploads/upload_move.h"

#include "app/tree/incoming_file.h"
#include "base/clock.h"

namespace bodega::app {
namespace {

constexpr std::chrono::seconds kRenewEvery{3};

// Renews the lease between the steps of a copy, and tells whether the copy continues.
class CopyProgress {
public:
    CopyProgress(UploadLease& lease, const std::function<bool()>& goes_on)
        : lease_(lease), goes_on_(goes_on), renewed_(base::Steady::now()) {}

    bool goes_on() {
        base::Steady::time_point now = base::Steady::now();
        if (now - renewed_ >= kRenewEvery) {
            lease_.renew();
            renewed_ = now;
        }
        return goes_on_();
    }

private:
    UploadLease& lease_;
    const std::function<bool()>& goes_on_;
    base::Steady::time_point renewed_;
};

// Returns the number of bytes that the new file has. After an error the new file is removed, and the copy does not
// continue in it: its content is unknown, and pending writes may still change it.
std::int64_t copy(const Services& services, UploadLease& lease, const std::function<bool()>& goes_on) {
    const store::Upload& upload = lease.upload();
    const base::Ulid to = upload.moves_to.value();
    CopyProgress progress(lease, goes_on);
    try {
        return services.blobs.copy_incoming(upload.file_id, to, upload.received, upload.synced,
                                            [&progress] { return progress.goes_on(); });
    } catch (const base::Error&) {
        lease.abandon();
        discard_incoming(services, to);
        throw;
    }
}

}  // namespace

void move_away(const Services& services, UploadLease& lease, const std::function<bool()>& goes_on) {
    const store::Upload upload = lease.upload();
    if (!upload.moves_to) return;
    const std::int64_t there = copy(services, lease, goes_on);
    if (there < upload.received) {
        lease.copied(there);
        throw base::Error(base::Code::unavailable,
                          "The upload is being moved away from a server that was lost. Continue in a moment.", 1);
    }
    lease.moved();
    discard_incoming(services, upload.file_id);
}

void move_away(const Services& services, UploadLease& lease, std::chrono::milliseconds limit) {
    const base::Steady::time_point ends = base::Steady::now() + limit;
    move_away(services, lease, [ends] { return base::Steady::now() < ends; });
}

}  // namespace bodega::app
