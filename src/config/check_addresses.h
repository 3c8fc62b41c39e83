// Finds listening addresses that are configured twice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"

namespace bodega::config {

struct SharedAddress {
    std::string_view key;  // name of the setting; static storage
    std::string why;       // the rest of the error message, after the key
};

// Returns the first two addresses that conflict: one process can't bind both.
std::optional<SharedAddress> find_shared_address(const Config& config);

}  // namespace bodega::config
