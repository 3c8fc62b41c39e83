// Finds passwords that attackers try first. NIST SP 800-63B, section 3.1.1.2, requires that these are refused: common
// passwords, names and words with digits around them, repetitions, sequences, and passwords made of the account's name.
// Pure functions.
#pragma once

#include <optional>
#include <string_view>

namespace bodega::app {

// The reason why the password is guessable, or empty. A password is refused only if all of it is guessable: "sunshine"
// and "SunShine1!" are refused, "sunshine over Prague" is not. Requires: UTF-8.
std::string_view why_guessable(std::string_view password, std::string_view username);

}  // namespace bodega::app
