// Lists and ends the sessions and tokens of accounts, for administrators and the command line. Thread-safe.
#pragma once

#include <vector>

#include "app/auth/authorizer.h"
#include "store/auth/session.h"

namespace bodega::app {

// Requires: the caller has checked that the actor is an administrator. All functions throw Error{not_found} for an
// unknown account. Functions that end sessions or tokens throw Error{forbidden} if the actor is signed in by a token of
// that account.
class AccountCredentials {
public:
    explicit AccountCredentials(const Services& services) : services_(services) {}

    std::vector<store::Session> sessions(const base::Ulid& user_id);
    std::vector<store::Token> tokens(const base::Ulid& user_id);

    // Ends one session or token. Throws Error{not_found} if it does not belong to the account.
    void end_session(const Actor& actor, const base::Ulid& user_id, const base::Ulid& session_id);
    void end_token(const Actor& actor, const base::Ulid& user_id, const base::Ulid& token_id);

    // Ends all sessions (or all tokens) of the account, but not the session that makes the call. Returns how many were
    // ended.
    std::int64_t end_sessions(const Actor& actor, const base::Ulid& user_id);
    std::int64_t end_tokens(const Actor& actor, const base::Ulid& user_id);

    // Ends a lock-out: removes the failure counts of the account and of the networks from which the failures came.
    void unlock(const Actor& actor, const base::Ulid& user_id);

private:
    const Services& services_;
};

}  // namespace bodega::app
