// Finds passwords that attackers try first, which NIST SP 800-63B, section 3.1.1.2, wants refused: common ones, names
// and words with digits around them, repetitions, sequences, and those made of the account's name. Pure functions.
#pragma once

#include <optional>
#include <string_view>

namespace bodega::app {

// The reason why the password is guessable; empty if it is not. The whole password has to be guessable: "sunshine" and
// "SunShine1!" are refused, "sunshine over Prague" is not. Requires: UTF-8.
std::string_view why_guessable(std::string_view password, std::string_view username);

}  // namespace bodega::app
