// Finds listening addresses that are configured twice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"

namespace bodega::config {

struct SharedAddress {
    std::string_view key;  // static storage
    std::string why;       // follows the key in an error message
};

// Returns the first two addresses that conflict: one process can't bind both.
std::optional<SharedAddress> find_shared_address(const Config& config);

}  // namespace bodega::config
