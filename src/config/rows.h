// config.toml's lists of tables, [[edge.upstreams]] and [[edge.routes]]. Each list has a table of keys for its rows.
//
// A reload compares the rows by these keys and replaces a list that differs, so every key of a row takes effect at a
// reload.
//
// The keys of a row set members of the row that was appended last. Rows have no flags and no variables.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/key.h"

namespace bodega::config {

struct Rows {
    std::string_view name;  // name of the list: "edge.routes"
    std::span<const Key> keys;
    // Appends a row. `origin` is the place where the row's table begins.
    void (*begin)(Config& config, const std::string& origin);
    std::size_t (*count)(const Config& config);
    // Replaces all rows of `to` by one row, a copy of the row at `index` of `from`. The list's keys then read and set
    // that row.
    void (*take)(Config& to, const Config& from, std::size_t index);
    const std::string& (*origin)(const Config& config, std::size_t index);

    const Key* find(std::string_view key) const noexcept;  // `key` is the name within a row; nullptr: no such key
    std::vector<std::string> names() const;                // the names of the keys within a row
};

std::span<const Rows> all_rows() noexcept;
const Rows* find_rows(std::string_view name) noexcept;  // nullptr: no such list

}  // namespace bodega::config
