#include "app/tree/free_quota.h"

namespace bodega::app {

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

}  // namespace bodega::app
