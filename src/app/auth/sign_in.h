// Signs callers in and out, and manages their own sessions. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/auth/passwords.h"
#include "app/auth/throttle.h"
#include "store/auth/session.h"

namespace bodega::app {

// A new session and its secret. Only the browser that signed in gets the secret.
struct NewSession {
    store::Session session;
    std::string secret;
};

struct SignedIn {
    store::User user;
    NewSession session;
    std::string device;  // the secret by which the account recognises this browser later
};

// Starts a session for an account whose password was just checked. The caller makes `id` before the transaction, so
// that it can look the session up after a lost COMMIT. Requires: a transaction.
NewSession start_session(db::Connection& connection, const base::Ulid& user_id, const base::Ulid& id,
                         config::Duration lifetime, const Origin& origin);

// Stores a browser as known to an account and returns the browser's secret. device: the secret that the browser sent;
// may be empty. If this account does not know that secret, the browser gets a new one, which replaces the old one for
// all other accounts that know the browser. Requires: a transaction.
std::string remember_device(db::Connection& connection, const base::Ulid& user_id, std::string_view device);

class SignIn {
public:
    SignIn(const Services& services, Passwords& passwords, SignInCounts* counts = nullptr)
        : services_(services), passwords_(passwords), counts_(counts) {}

    // device: the secret that an earlier sign-in gave to the browser; may be empty (throttle.h). Throws
    // Error{unauthenticated} if the account is unknown, disabled or has another password; the text and the time taken
    // are the same in all three cases. Throws Error{throttled}; Error{unavailable} if too many callers wait for a hash.
    SignedIn sign_in(std::string_view username, std::string_view password, const Origin& origin,
                     std::string_view device = {});

    // Ends the actor's own session. Throws Error{invalid} for an actor that is signed in by a token.
    void sign_out(const Actor& actor);

    std::vector<store::Session> sessions(const Actor& actor);
    // The functions below throw Error{forbidden} for an actor that is signed in by a token. end_session() throws
    // Error{not_found} if the session belongs to another account.
    void end_session(const Actor& actor, const base::Ulid& session_id);
    void end_other_sessions(const Actor& actor);

    // Changes the password and ends all other sessions, and all tokens if `end_tokens`. Throws Error{forbidden} if
    // `current` is wrong or if a token signed the actor in, Error{throttled}, and Error{invalid} for a new password
    // that breaks the rules.
    void change_password(const Actor& actor, std::string_view current, std::string_view fresh, bool end_tokens);

private:
    const Services& services_;
    Passwords& passwords_;
    SignInCounts* counts_;
};

// Throws Error{forbidden} for an actor that is signed in by a token, since the call needs a browser's session.
void require_session(const Actor& actor);

}  // namespace bodega::app
