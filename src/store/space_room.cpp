#include "store/space_room.h"

#include <algorithm>

namespace bodega::store {
namespace {

constexpr db::Sql kRoom{"spaces.room", "SELECT quota_bytes - used_bytes FROM spaces WHERE id = ?"};

}  // namespace

std::optional<std::int64_t> space_room(db::Connection& connection, const base::Ulid& space_id) {
    auto& row = connection.query(kRoom, {space_id});
    if (!row.next()) return std::nullopt;
    std::optional<std::int64_t> room = row.optional_int64(0);
    row.reset();
    if (room) room = std::max<std::int64_t>(0, *room);
    return room;
}

}  // namespace bodega::store
