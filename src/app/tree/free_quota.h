// Calculates a space's free quota. Old versions can be evicted to make room, if they are older than
// files.evict_versions_after.
#pragma once

#include <cstdint>
#include <optional>

#include "app/services.h"
#include "base/ulid.h"
#include "db/connection.h"
#include "store/tree/space_quota.h"

namespace bodega::app {

// own_upload: the upload that the change completes. The bytes that this upload has reserved count as free for the
// change.
store::QuotaRules quota_rules(const Services& services, const base::Ulid& own_upload = {});

// The bytes that still fit into the space's quota, or std::nullopt if the space has no quota. If fewer than `wanted`
// bytes are free, also counts the bytes of old versions that can be evicted.
std::optional<std::int64_t> available_quota(const Services& services, db::Connection& connection,
                                            const base::Ulid& space_id, std::int64_t wanted);

}  // namespace bodega::app
