// What a space and an account may take in, by the settings.
#pragma once

#include <cstdint>
#include <optional>

#include "app/services.h"
#include "base/ulid.h"
#include "db/connection.h"
#include "store/tree/space_room.h"

namespace bodega::app {

// own_upload: the upload that ends by the change.
store::RoomRules room_rules(const Services& services, const base::Ulid& own_upload = {});

// Bytes that a space may take in, with what old versions would give back as far as `wanted` needs them; std::nullopt:
// without a quota.
std::optional<std::int64_t> room_for(const Services& services, db::Connection& connection, const base::Ulid& space_id,
                                     std::int64_t wanted);

// Throws Error{quota_exceeded} if the account has too many uploads under way, or too many bytes announced with them,
// for one more of `length` bytes.
void require_upload_slot(const Services& services, db::Connection& connection, const base::Ulid& user_id,
                         std::int64_t length);

}  // namespace bodega::app
