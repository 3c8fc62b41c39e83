// Seals what only who has the cluster's secret may read: AES-256-GCM by a key that HMAC-SHA256 derives from the secret.
// Pure functions but for randomness.
#pragma once

#include <string>
#include <string_view>

#include "base/encoding.h"

namespace bodega::acme {

// `name`: what it is, which is authenticated along; sealed for one, it can't be opened as another.
base::Bytes seal(std::string_view secret, std::string_view name, std::string_view text);

// Throws Error{config_invalid} if it was sealed by another secret, for another name, or was changed.
std::string unseal(std::string_view secret, std::string_view name, std::string_view sealed);

}  // namespace bodega::acme
