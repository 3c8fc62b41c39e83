// The catalog's schema as numbered steps, embedded in the binary by the build.
#pragma once

#include <span>
#include <string_view>

namespace bodega::db {

struct MigrationFile {
    int version = 0;        // 1, 2, …
    std::string_view name;  // "0001_catalog"
    std::string_view sql;   // statements that end in ";\n"
};

// Returns the migrations for the dialect "sqlite" or "mysql", sorted by version. Static storage.
std::span<const MigrationFile> embedded_migrations(std::string_view dialect) noexcept;

}  // namespace bodega::db
