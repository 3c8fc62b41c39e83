// Idempotency-Key of a creation: a client that lost the answer repeats the request with the same key.
#pragma once

#include <optional>
#include <string_view>

#include "app/tree/creation.h"
#include "web/call/call.h"

namespace bodega::web {

// What is created, in which folder and with which name. length and digest: of the content, if the client sent them. The
// same key with another Creating is refused.
struct Creating {
    std::string_view what;
    base::Ulid folder_id;
    std::string_view name;
    std::optional<std::int64_t> length = std::nullopt;
    std::string digest = {};
};

// nullopt: no key was sent. Throws the errors of idempotency_key().
std::optional<app::CreationKey> creation_key(const Call& call, const Creating& creating);

}  // namespace bodega::web
