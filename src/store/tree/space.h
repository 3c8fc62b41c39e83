// Spaces (a person's or a team's) and their members, as rows of the catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ulid.h"

namespace bodega::store {

enum class SpaceKind : std::uint8_t { personal, team };
enum class SpaceRole : std::uint8_t { viewer, editor, manager };  // each role includes the rights of those before it

std::string_view space_kind_name(SpaceKind kind) noexcept;
std::optional<SpaceKind> parse_space_kind(std::string_view name) noexcept;
std::string_view space_role_name(SpaceRole role) noexcept;
std::optional<SpaceRole> parse_space_role(std::string_view name) noexcept;

struct Space {
    base::Ulid id;
    std::string name;
    SpaceKind kind = SpaceKind::team;
    base::Ulid root_id;
    std::optional<base::Ulid> owner_id;  // the account of a personal space; nullopt: a team's space
    std::int64_t used_bytes = 0;         // bytes of all versions, also those in the trash
    std::optional<std::int64_t> quota_bytes;
    base::Milliseconds created_at = 0;
};

struct Member {
    base::Ulid user_id;
    std::string username;
    SpaceRole role = SpaceRole::viewer;
};

}  // namespace bodega::store
