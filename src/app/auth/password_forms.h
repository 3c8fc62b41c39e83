// Unicode's spellings of one password. Keyboards differ in which one they send ("é" as one character, or as "e" and an
// accent). New hashes are of the composed form (NFC, RFC 8265).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::app {

// The password in NFC. Text that is not UTF-8 stays as it is.
std::string composed_password(std::string_view password);

// NFC first, then the text as it came and NFD, for hashes from before passwords were composed. Without duplicates.
std::vector<std::string> password_forms(std::string_view password);

}  // namespace bodega::app
