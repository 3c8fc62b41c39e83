// API tokens: what a script signs in with. Thread-safe.
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
    std::string secret;  // shown once
};

class ApiTokens {
public:
    explicit ApiTokens(const Services& services) : services_(services) {}

    std::vector<store::Token> list(const Actor& actor);

    // expires_at: none: never. The secret begins with "bdg_", so that leaked ones can be searched for. Throws
    // Error{invalid} for a name of more than 100 characters, none at all or with control characters, and for an end in
    // the past; Error{conflict} at 100 tokens; Error{forbidden} for an actor who is signed in by a token: a leaked one
    // must not outlive its end through another.
    NewToken create(const Actor& actor, std::string_view name, store::TokenScope scope,
                    std::optional<base::Milliseconds> expires_at);

    // Throws Error{not_found} if it is not theirs; Error{forbidden} for an actor who is signed in by a token.
    void remove(const Actor& actor, const base::Ulid& id);

private:
    const Services& services_;
};

}  // namespace bodega::app
