// Signed-in browsers and API tokens, as rows of the catalog. Their secrets are not in them, only SHA-256 of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ulid.h"

namespace bodega::store {

using SecretHash = std::array<std::uint8_t, 32>;

struct Session {
    base::Ulid id;
    base::Milliseconds created_at = 0;
    base::Milliseconds last_seen_at = 0;
    base::Milliseconds expires_at = 0;
    std::string user_agent;
    std::string address;
};

struct Token {
    base::Ulid id;
    std::string name;
    base::Milliseconds created_at = 0;
    std::optional<base::Milliseconds> last_used_at;
    std::optional<base::Milliseconds> expires_at;
};

}  // namespace bodega::store
