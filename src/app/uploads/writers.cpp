#include "app/uploads/writers.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/error.h"
#include "base/log.h"
#include "store/uploads/uploads.h"

namespace bodega::app {
namespace {

constexpr int kRecalledAtOnce = 100;

std::uint64_t device_of(const blobs::Store& blobs) {
    struct stat found {};
    if (blobs.files().status((blobs.root() + "/incoming").c_str(), found) != 0)
        throw base::system_error("look at the shared directory", errno, base::Code::config_invalid);
    return found.st_dev;
}

}  // namespace

Writers::Writers(const blobs::Store& blobs, const std::string& folder) : held(folder, device_of(blobs)) {}

void release_held_by_gone(const Services& services) {
    const HeldUploads::Gone gone = services.writers->held.gone();
    std::int64_t released = 0;
    try {
        for (const HeldUploads::Held& held : gone.held)
            released += services.catalog.transact([&](db::Connection& connection) {
                return store::Uploads(connection).release({held.id, held.holder}) ? 1 : 0;
            });
        HeldUploads::forget(gone);
    } catch (const base::Error& error) {
        base::log::warn("uploads",
                        "could not release the uploads of an earlier process; they are free when its leases expire",
                        {{"reason", error.what()}});
    }
    if (released > 0)
        base::log::info("uploads", "released the uploads of an earlier process of this machine",
                        {{"uploads", released}});
}

void answer_recalls(const Services& services) {
    if (services.writers->recalls.empty()) return;
    const std::vector<base::Ulid> wanted = services.catalog.read(
        [](db::Connection& connection) { return store::Uploads(connection).wanted(kRecalledAtOnce); });
    for (const base::Ulid& holder : wanted) services.writers->recalls.recall(holder);
}

}  // namespace bodega::app
