// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a name that the client gives to a call, so that it can
// repeat the call if the answer was lost. The value is a quoted string; the same text without quotes is the same key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "web/call/call.h"

namespace bodega::web {

inline constexpr std::string_view kIdempotencyKey = "Idempotency-Key";

// Returns std::nullopt if the field was not sent. Throws Error{invalid} for a key that check_key() refuses.
std::optional<std::string> idempotency_key(const Call& call);

// Throws Error{invalid} unless the key has 1 to 255 visible ASCII characters.
void check_key(std::string_view key);

}  // namespace bodega::web
