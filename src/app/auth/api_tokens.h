// API tokens: credentials for scripts. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/auth/session.h"

namespace bodega::app {

struct NewToken {
    store::Token token;
    std::string secret;  // shown to the user only once
};

class ApiTokens {
public:
    explicit ApiTokens(const Services& services) : services_(services) {}

    std::vector<store::Token> list(const Actor& actor);

    // A token without `expires_at` never expires. The secret begins with "bdg_", so that scanners can find leaked
    // tokens. Throws Error{invalid} for a name that is empty, has more than 100 characters or has control characters,
    // and for an expires_at in the past; Error{conflict} if the account has 100 tokens. Throws Error{forbidden} for an
    // actor that is signed in by a token: otherwise a leaked token could create another token that outlives it.
    NewToken create(const Actor& actor, std::string_view name, store::TokenScope scope,
                    std::optional<base::Milliseconds> expires_at);

    // Throws Error{not_found} if the actor has no such token; Error{forbidden} for an actor that is signed in by a
    // token.
    void remove(const Actor& actor, const base::Ulid& id);

private:
    const Services& services_;
};

}  // namespace bodega::app
