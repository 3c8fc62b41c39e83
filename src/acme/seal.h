// Encrypts data for all nodes that have the fleet's secret: AES-256-GCM with a key that HMAC-SHA256 derives from the
// secret. Pure functions, except for random nonces.
#pragma once

#include <string>
#include <string_view>

#include "base/encoding.h"

namespace bodega::acme {

// `name` says what the text is. The name is authenticated together with the text (as AAD), so unseal() needs the same
// name.
base::Bytes seal(std::string_view secret, std::string_view name, std::string_view text);

// Throws Error{config_invalid} if the data was sealed with another secret or another name, or was changed.
std::string unseal(std::string_view secret, std::string_view name, std::string_view sealed);

}  // namespace bodega::acme
