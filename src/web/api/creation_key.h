// The Idempotency-Key of a creation. A client that lost the answer repeats the request with the same key.
#pragma once

#include <optional>
#include <string_view>

#include "app/tree/creation.h"
#include "web/call/call.h"

namespace bodega::web {

// Identifies a creation: what is created, in which folder, with which name. length and digest describe the content, if
// the client sent them. A key that is sent again with a different Creating is refused.
struct Creating {
    std::string_view what;
    base::Ulid folder_id;
    std::string_view name;
    std::optional<std::int64_t> length = std::nullopt;
    std::string digest = {};
};

// Returns std::nullopt if no key was sent. Throws the errors of idempotency_key().
std::optional<app::CreationKey> creation_key(const Call& call, const Creating& creating);

}  // namespace bodega::web
