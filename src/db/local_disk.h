// Whether a folder is on a disk of this machine: SQLite's locks and its shared memory need one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bodega::db {

// The name of a network (or user-space) file system by its statfs(2) type; nullopt for a local one.
std::optional<std::string_view> network_file_system(std::uint64_t type) noexcept;

// Throws Error{config_invalid} if `folder` is missing or on a network file system.
void require_local_disk(const std::string& folder);

}  // namespace bodega::db
