// The room that a space has left, by the settings.
#pragma once

#include <cstdint>
#include <optional>

#include "app/services.h"
#include "base/ulid.h"
#include "db/connection.h"
#include "store/tree/space_room.h"

namespace bodega::app {

// own_upload: the upload that the change completes. Its announced bytes are room for the change.
store::RoomRules room_rules(const Services& services, const base::Ulid& own_upload = {});

// The bytes that a space has room for, including, if `wanted` needs them, the bytes of old versions that can be
// evicted. std::nullopt: no quota.
std::optional<std::int64_t> room_for(const Services& services, db::Connection& connection, const base::Ulid& space_id,
                                     std::int64_t wanted);

}  // namespace bodega::app
