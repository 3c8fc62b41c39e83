#include "app/tree/room.h"

#include "base/error.h"
#include "store/uploads/uploads.h"

namespace bodega::app {

using base::Code;
using base::Error;

store::RoomRules room_rules(const Services& services, const base::Ulid& own_upload) {
    return {services.config.files.evict_versions_after.count(), own_upload};
}

std::optional<std::int64_t> room_for(const Services& services, db::Connection& connection, const base::Ulid& space_id,
                                     std::int64_t wanted) {
    auto room = store::space_room(connection, space_id);
    const base::Milliseconds age = room_rules(services).evict_after;
    if (room && *room < wanted && age > 0) *room += store::evictable_bytes(connection, space_id, age);
    return room;
}

void require_upload_slot(const Services& services, db::Connection& connection, const base::Ulid& user_id,
                         std::int64_t length) {
    const config::Files& files = services.config.files;
    const store::Uploads::Announced open = store::Uploads(connection).announced(user_id);
    if (open.count >= files.uploads_per_user)
        throw Error(Code::quota_exceeded, "You have " + std::to_string(open.count) +
                                              " uploads that are not finished, as many as this server takes. Finish or "
                                              "cancel some first.");
    if (length > files.upload_bytes_per_user - open.bytes)
        throw Error(Code::quota_exceeded,
                    "Your uploads that are not finished were announced with as many bytes as this server takes. Finish "
                    "or cancel some first.");
}

}  // namespace bodega::app
