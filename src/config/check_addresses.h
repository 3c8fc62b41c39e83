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

// Returns the first two addresses that one process can't bind at the same time.
std::optional<SharedAddress> find_shared_address(const Config& config);

}  // namespace bodega::config
