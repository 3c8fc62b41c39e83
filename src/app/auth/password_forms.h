// The spellings that Unicode has of one password: keyboards differ in which they send ("é" as one character, or as "e"
// and an accent). What is hashed is composed (NFC, as RFC 8265 has it).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::app {

// NFC; what is not UTF-8 stays.
std::string composed_password(std::string_view password);

// NFC first, then as it came and NFD, for hashes that were made before passwords were composed. Each once.
std::vector<std::string> password_forms(std::string_view password);

}  // namespace bodega::app
