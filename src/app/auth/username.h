// User names: which ones are allowed, and the key by which two of them are the same. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::app {

// Returns the name in NFC. Throws Error{invalid} with the reason unless it has 1 to 64 characters, all of them letters,
// marks, digits, '.', '_', '-', '@' or '+', and begins with a letter or a digit. Each run of letters has to be of one
// script, so that "ana" with a Cyrillic "а" can't pass for "ana".
std::string clean_username(std::string_view name);

// The username_key of the name with letters of other scripts replaced by the Latin letters that they look like. People
// may confuse two accounts of the same look. Empty for a name that clean_username refuses.
std::string username_look(std::string_view name);

// NFKC with case folded and invisible characters left out: "Ana", "ANA" and "ａｎａ" are one account. std::nullopt for
// a name that clean_username refuses, since no account has it.
std::optional<std::string> username_key(std::string_view name);

// The SQL LIKE pattern (escape '!') of the keys that contain `text`; "%" for an empty text.
std::string username_pattern(std::string_view text);

}  // namespace bodega::app
