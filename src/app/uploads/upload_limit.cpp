#include "app/uploads/upload_limit.h"

#include <string>

#include "base/error.h"
#include "store/uploads/uploads.h"

namespace bodega::app {

void require_upload_allowed(const Services& services, db::Connection& connection, const base::Ulid& user_id,
                            std::int64_t length) {
    const config::Files& files = services.config.files;
    const store::Uploads::Announced open = store::Uploads(connection).announced(user_id);
    if (open.count >= files.uploads_per_user)
        throw base::Error(base::Code::quota_exceeded,
                          "You have " + std::to_string(open.count) +
                              " uploads that are not finished, as many as this server takes. Finish or "
                              "cancel some first.");
    if (length > files.upload_bytes_per_user - open.bytes)
        throw base::Error(
            base::Code::quota_exceeded,
            "Your uploads that are not finished were announced with as many bytes as this server takes. Finish "
            "or cancel some first.");
}

}  // namespace bodega::app
