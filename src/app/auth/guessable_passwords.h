// The passwords that everybody tries first, as NIST SP 800-63B, section 3.1.1.2, wants them refused: common ones, names
// and words with digits around them, repetitions, sequences, and what is expected of this account. Pure functions.
#pragma once

#include <optional>
#include <string_view>

namespace bodega::app {

// Why the password is one of them; empty: it is none. Only a password that is such a one as a whole is: "sunshine" is
// refused and "SunShine1!", but not "sunshine over Prague". Requires: UTF-8.
std::string_view why_guessable(std::string_view password, std::string_view username);

}  // namespace bodega::app
