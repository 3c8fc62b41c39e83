#include "app/tree/free_quota.h"

namespace bodega::app {

store::QuotaRules quota_rules(const Services& services, const base::Ulid& own_upload) {
    return {services.config.files.evict_versions_after.count(), own_upload};
}

std::optional<std::int64_t> available_quota(const Services& services, db::Connection& connection,
                                            const base::Ulid& space_id, std::int64_t wanted) {
    auto quota = store::space_quota_left(connection, space_id);
    const base::Milliseconds age = quota_rules(services).evict_after;
    if (quota && *quota < wanted && age > 0) *quota += store::evictable_bytes(connection, space_id, age);
    return quota;
}

}  // namespace bodega::app
