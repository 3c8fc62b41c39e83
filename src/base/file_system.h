// Distinguishes network file systems from local ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bodega::base {

// The name of a network or user-space (FUSE) file system, by its statfs(2) type; nullopt for a local one.
std::optional<std::string_view> network_file_system(std::uint64_t type) noexcept;

}  // namespace bodega::base
