// User names: which ones are allowed, and a key that is equal for two spellings of one name. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::app {

// Returns the name in NFC. A valid name has 1 to 64 characters, all of them letters, marks, digits, '.', '_', '-', '@'
// or '+', and begins with a letter or a digit. Each run of letters has one script, so that "ana" with a Cyrillic "а"
// can't pass for "ana". Throws Error{invalid} with the reason for any other name.
std::string clean_username(std::string_view name);

// The username_key of the name, in which each letter that looks like a Latin letter is replaced by that Latin letter.
// People may confuse two names for which the result is the same. Empty if clean_username refuses the name.
std::string username_look(std::string_view name);

// NFKC with case folded and invisible characters removed: "Ana", "ANA" and "ａｎａ" are one account. Returns
// std::nullopt if clean_username refuses the name, since no account can have it.
std::optional<std::string> username_key(std::string_view name);

// The SQL LIKE pattern (escape character '!') for keys that contain `text`; "%" if `text` is empty.
std::string username_pattern(std::string_view text);

}  // namespace bodega::app
