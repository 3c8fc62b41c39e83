// User names: what is taken, and the key by which two of them are the same. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::app {

// The name in NFC. Throws Error{invalid}, saying what is wrong, unless it has 1 to 64 characters, all of them
// letters, marks, digits, '.', '_', '-', '@' or '+', and begins with a letter or a digit; and unless each run of
// letters is of one script, so that "ana" with a Cyrillic "а" passes for nobody.
std::string clean_username(std::string_view name);

// What the name looks like: username_key of it with letters that look like Latin ones as those. Two accounts of one
// look could be taken for each other. Empty for what clean_username refuses.
std::string username_look(std::string_view name);

// NFKC with case folded and what can't be seen left out: "Ana", "ANA" and "ａｎａ" are one account.
// std::nullopt for what clean_username refuses: no account has it.
std::optional<std::string> username_key(std::string_view name);

// The LIKE pattern (escape '!') of the keys that hold `text`; "%" for an empty one.
std::string username_pattern(std::string_view text);

}  // namespace bodega::app
