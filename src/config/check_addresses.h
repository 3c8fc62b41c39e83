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

// The first two addresses that the kernel would not bind in one process.
std::optional<SharedAddress> find_shared_address(const Config& config);

}  // namespace bodega::config
