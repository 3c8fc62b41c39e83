// The values of the kit's placeholders, from the current configuration, in one table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace bodega::cli {

struct KitSubject {
    const config::Config& config;
    std::optional<std::string> config_file;  // as given by --config or BODEGA_CONFIG
    std::string folder;                      // absolute path of the folder in which bodega kit runs
};

struct KitValue {
    // For example "SHARED_DIR", which a file writes as @SHARED_DIR@.
    std::string_view name;
    std::string_view help;  // one line, no full stop
    std::vector<std::string> (*of)(const KitSubject& subject);
    bool named_by_url = false;  // true if the value has an example name when app.public_url is empty
    bool has_words = false;     // true if the items may contain blanks
    bool has_escapes = false;   // true if the items may contain systemd's backslash escapes
};

std::span<const KitValue> kit_values() noexcept;
const KitValue* find_kit_value(std::string_view name) noexcept;  // nullptr: there is no such placeholder

// Returns the items of a value. Throws Error{config_invalid} for an item with a character that is special in some
// format, such as quotes, ';' and '$'. Blanks are allowed only if has_words is set.
std::vector<std::string> items_of(const KitValue& value, const KitSubject& subject);

}  // namespace bodega::cli
