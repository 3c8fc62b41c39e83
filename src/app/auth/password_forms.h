// The Unicode forms of one password. Keyboards send different forms: "é" as one character, or as "e" and an accent. New
// hashes are computed from the composed form (NFC, RFC 8265).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::app {

// The password in NFC. Text that is not UTF-8 stays as it is.
std::string composed_password(std::string_view password);

// The forms to try against a stored hash, without duplicates: NFC, the unchanged text, NFD. The last two are for hashes
// of older versions, which did not compose passwords.
std::vector<std::string> password_forms(std::string_view password);

}  // namespace bodega::app
