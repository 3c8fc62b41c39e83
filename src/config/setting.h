// One setting as a source gave it, before it is applied.
#pragma once

#include <string>
#include <vector>

#include "config/key.h"

namespace bodega::config {

struct Rows;

struct Setting {
    const Key* key = nullptr;  // never null
    Value value;
    std::string origin;            // "config.toml:12", "BODEGA_EDGE_LISTEN", "--edge-listen": how a message begins
    const Rows* begins = nullptr;  // it is the first of a new row
    std::string row_origin{};      // of that row: where its table begins
};

using Settings = std::vector<Setting>;

}  // namespace bodega::config
