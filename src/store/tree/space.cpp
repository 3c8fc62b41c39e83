#include "store/tree/space.h"

namespace bodega::store {

std::string_view space_kind_name(SpaceKind kind) noexcept { return kind == SpaceKind::personal ? "personal" : "team"; }

std::optional<SpaceKind> parse_space_kind(std::string_view name) noexcept {
    if (name == "personal") return SpaceKind::personal;
    if (name == "team") return SpaceKind::team;
    return std::nullopt;
}

std::string_view space_role_name(SpaceRole role) noexcept {
    switch (role) {
        case SpaceRole::viewer: return "viewer";
        case SpaceRole::editor: return "editor";
        case SpaceRole::manager: return "manager";
    }
    return "viewer";
}

std::optional<SpaceRole> parse_space_role(std::string_view name) noexcept {
    if (name == "viewer") return SpaceRole::viewer;
    if (name == "editor") return SpaceRole::editor;
    if (name == "manager") return SpaceRole::manager;
    return std::nullopt;
}

}  // namespace bodega::store
