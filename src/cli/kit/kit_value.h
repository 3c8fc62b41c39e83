// What the kit's placeholders stand for, by the configuration at hand: one table.
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
    std::optional<std::string> config_file;  // as --config or BODEGA_CONFIG names it
    std::string folder;                      // where bodega kit was called: absolute
};

struct KitValue {
    std::string_view name;  // "SHARED_DIR", as in @SHARED_DIR@
    std::string_view help;  // one line, no full stop
    std::vector<std::string> (*of)(const KitSubject& subject);
    bool named_by_url = false;  // it is made up unless app.public_url says what this bodega is called
    bool has_words = false;     // its items are of several words, for a format that takes them so
    bool has_escapes = false;   // its items have the backslashes of systemd's escapes
};

std::span<const KitValue> kit_values() noexcept;
const KitValue* find_kit_value(std::string_view name) noexcept;  // nullptr: there is no such placeholder

// The items of a value. Throws Error{config_invalid} for one with a character that some format would read as its own:
// quotes, ';', '$' and their like, and blanks but where it has words.
std::vector<std::string> items_of(const KitValue& value, const KitSubject& subject);

}  // namespace bodega::cli
