#include "store/auth/user.h"

namespace bodega::store {

std::string_view role_name(Role role) noexcept { return role == Role::admin ? "admin" : "member"; }

std::optional<Role> parse_role(std::string_view name) noexcept {
    if (name == "admin") return Role::admin;
    if (name == "member") return Role::member;
    return std::nullopt;
}

}  // namespace bodega::store
