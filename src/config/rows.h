// The lists of tables of config.toml, [[edge.upstreams]] and [[edge.routes]]: a table of keys for the rows of each.
//
// A row's keys set the members of the row that was begun last. There are no flags and no variables of them.
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
    // Appends a row. `origin`: where its table begins.
    void (*begin)(Config& config, const std::string& origin);

    const Key* find(std::string_view key) const noexcept;  // by the name within a row; nullptr: there is none
    std::vector<std::string> names() const;                // within a row
};

const Rows* find_rows(std::string_view name) noexcept;  // nullptr: there are none of that name

}  // namespace bodega::config
