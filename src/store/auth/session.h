// Sessions of browsers and API tokens, as rows of the catalog. The rows hold only the SHA-256 of a secret.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

// What a token may do, within its account's rights. Each scope includes the scopes before it.
enum class TokenScope : std::uint8_t { read, write, admin };

std::string_view token_scope_name(TokenScope scope) noexcept;  // returns "read", "write" or "admin"
std::optional<TokenScope> parse_token_scope(std::string_view name) noexcept;

struct Token {
    base::Ulid id;
    std::string name;
    TokenScope scope = TokenScope::admin;
    base::Milliseconds created_at = 0;
    std::optional<base::Milliseconds> last_used_at;
    std::optional<base::Milliseconds> expires_at;
};

}  // namespace bodega::store
