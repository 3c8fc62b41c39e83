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
    std::string origin;            // "config.toml:12", "BODEGA_EDGE_LISTEN", "--edge-listen"; messages begin with it
    const Rows* begins = nullptr;  // the list of rows, if this is the first setting of a new row; else null
    std::string row_origin{};      // the place where the new row's table begins
};

using Settings = std::vector<Setting>;

}  // namespace bodega::config
