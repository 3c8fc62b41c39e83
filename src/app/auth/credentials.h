// Another's sessions and tokens, as administrators and the command line see and end them. Thread-safe.
#pragma once

#include <vector>

#include "app/auth/authorizer.h"
#include "store/auth/session.h"

namespace bodega::app {

// These require that the caller checked that an administrator asks. All throw Error{not_found} for an unknown account;
// what ends something throws Error{forbidden} for a token that would do so to its own account.
class AccountCredentials {
public:
    explicit AccountCredentials(const Services& services) : services_(services) {}

    std::vector<store::Session> sessions(const base::Ulid& user_id);
    std::vector<store::Token> tokens(const base::Ulid& user_id);

    // Throws Error{not_found} for a session or a token that the account does not have.
    void end_session(const Actor& actor, const base::Ulid& user_id, const base::Ulid& session_id);
    void end_token(const Actor& actor, const base::Ulid& user_id, const base::Ulid& token_id);

    // All of them, but the actor's own session. Return how many those were.
    std::int64_t end_sessions(const Actor& actor, const base::Ulid& user_id);
    std::int64_t end_tokens(const Actor& actor, const base::Ulid& user_id);

    // Ends a lock-out: forgets the failed sign-ins of the account, and those of the networks that they came from.
    void unlock(const Actor& actor, const base::Ulid& user_id);

private:
    const Services& services_;
};

}  // namespace bodega::app
