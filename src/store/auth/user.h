// Accounts, as rows of the catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ulid.h"

namespace bodega::store {

enum class Role : std::uint8_t { member, admin };

std::string_view role_name(Role role) noexcept;
std::optional<Role> parse_role(std::string_view name) noexcept;

struct User {
    base::Ulid id;
    std::string username;
    Role role = Role::member;
    bool disabled = false;
    base::Milliseconds created_at = 0;
    std::optional<base::Milliseconds> last_seen_at;
    std::int64_t used_bytes = 0;              // used bytes of the personal space
    std::optional<std::int64_t> quota_bytes;  // quota of the personal space
};

}  // namespace bodega::store
