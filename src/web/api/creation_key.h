// Idempotency-Key: a client that lost the answer to a creation sends the request again with the same key.
#pragma once

#include <optional>
#include <string_view>

#include "app/tree/creation.h"
#include "web/call/call.h"

namespace bodega::web {

// What is made, where and under which name; length and digest: of its bytes, if told. The same key for another one is
// refused.
struct Creating {
    std::string_view what;
    base::Ulid folder_id;
    std::string_view name;
    std::optional<std::int64_t> length = std::nullopt;
    std::string digest = {};
};

// nullopt: no key was sent. Throws as idempotency_key() does.
std::optional<app::CreationKey> creation_key(const Call& call, const Creating& creating);

}  // namespace bodega::web
