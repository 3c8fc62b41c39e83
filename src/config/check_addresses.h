// Addresses that are listened on: no two of them may be the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"

namespace bodega::config {

struct SharedAddress {
    std::string_view key;  // of static storage
    std::string why;       // follows the key in a line for a person
};

// The first two that the kernel would not give to one process.
std::optional<SharedAddress> find_shared_address(const Config& config);

}  // namespace bodega::config
