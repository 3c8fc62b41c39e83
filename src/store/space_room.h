// How much a space may still take in, for a refusal before the bytes come. charge_space() has the last word.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// Bytes below the quota, never negative; std::nullopt: without a quota, or without the space.
std::optional<std::int64_t> space_room(db::Connection& connection, const base::Ulid& space_id);

}  // namespace bodega::store
