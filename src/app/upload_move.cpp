#include "app/upload_move.h"

#include "app/refusal.h"
#include "base/clock.h"

namespace bodega::app {
namespace {

constexpr std::chrono::seconds kRenewEvery{3};

// Asked between two steps of a copy.
class Pace {
public:
    Pace(UploadLease& lease, std::chrono::milliseconds limit)
        : lease_(lease), ends_(base::Steady::now() + limit), renewed_(base::Steady::now()) {}

    bool goes_on() {
        base::Steady::time_point now = base::Steady::now();
        if (now - renewed_ >= kRenewEvery) {
            lease_.renew();
            renewed_ = now;
        }
        return now < ends_;
    }

private:
    UploadLease& lease_;
    const base::Steady::time_point ends_;
    base::Steady::time_point renewed_;
};

}  // namespace

void move_away(const Services& services, UploadLease& lease, std::chrono::milliseconds limit) {
    const store::Upload upload = lease.upload();
    if (!upload.moves_to) return;
    Pace pace(lease, limit);
    std::int64_t there = services.blobs.copy_incoming(upload.file_id, *upload.moves_to, upload.received,
                                                      [&pace] { return pace.goes_on(); });
    if (there < upload.received)
        throw base::Error(base::Code::unavailable,
                          "The upload is being moved away from a server that was lost. Go on in a moment.", 1);
    lease.moved();
    discard("incoming", [&] { services.blobs.remove_incoming(upload.file_id); });
}

}  // namespace bodega::app
