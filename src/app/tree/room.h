// The limits of a space and of an account, by the settings.
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

// Throws Error{quota_exceeded} if one more upload of `length` bytes would exceed the account's limit of unfinished
// uploads (files.uploads_per_user) or of their announced bytes (files.upload_bytes_per_user).
void require_upload_slot(const Services& services, db::Connection& connection, const base::Ulid& user_id,
                         std::int64_t length);

}  // namespace bodega::app
