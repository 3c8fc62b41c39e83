// config.toml's lists of tables, [[edge.upstreams]] and [[edge.routes]]. Each list has a table of keys for its rows.
//
// The keys of a row set members of the row that was appended last. Rows have no flags and no variables.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/key.h"

namespace bodega::config {

struct Rows {
    std::string_view name;  // "edge.routes"
    std::span<const Key> keys;
    // Appends a row. `origin` is the place where the row's table begins.
    void (*begin)(Config& config, const std::string& origin);

    const Key* find(std::string_view key) const noexcept;  // `key` is the name within a row; nullptr: no such key
    std::vector<std::string> names() const;                // the names of the keys within a row
};

const Rows* find_rows(std::string_view name) noexcept;  // nullptr: no such list

}  // namespace bodega::config
