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

// A new session and its secret, which only the browser that signed in gets.
struct NewSession {
    store::Session session;
    std::string secret;
};

struct SignedIn {
    store::User user;
    NewSession session;
    std::string device;  // the secret that identifies this browser as known to the account from now on
};

// Starts a session for an account whose password was just checked. `id` is made before the transaction, so that the
// session can be looked up after a lost COMMIT. Requires: a transaction.
NewSession start_session(db::Connection& connection, const base::Ulid& user_id, const base::Ulid& id,
                         config::Duration lifetime, const Origin& origin);

// Marks a browser as known to an account and returns its secret. Keeps the browser's secret if the account knows it.
// Else makes another, which the other accounts of the browser then know too. device: the secret that the browser sent,
// may be empty. Requires: a transaction.
std::string remember_device(db::Connection& connection, const base::Ulid& user_id, std::string_view device);

class SignIn {
public:
    SignIn(const Services& services, Passwords& passwords, SignInCounts* counts = nullptr)
        : services_(services), passwords_(passwords), counts_(counts) {}

    // device: the secret of an earlier sign-in, if the browser has one (throttle.h). Throws Error{unauthenticated},
    // with the same text and after the same time, if the account is unknown, disabled or has another password;
    // Error{throttled}; Error{unavailable} if too many hashes are waited for.
    SignedIn sign_in(std::string_view username, std::string_view password, const Origin& origin,
                     std::string_view device = {});

    // Ends the actor's own session. Throws Error{invalid} for an actor that is signed in by a token.
    void sign_out(const Actor& actor);

    std::vector<store::Session> sessions(const Actor& actor);
    // The functions below throw Error{forbidden} for an actor that is signed in by a token.
    void end_session(const Actor& actor, const base::Ulid& session_id);  // Error{not_found} if it is not theirs
    void end_other_sessions(const Actor& actor);

    // Ends all other sessions, and with `end_tokens` all tokens. Throws Error{forbidden} if `current` is wrong or the
    // actor is signed in by a token, Error{throttled}, Error{invalid} for a new password against the rules.
    void change_password(const Actor& actor, std::string_view current, std::string_view fresh, bool end_tokens);

private:
    const Services& services_;
    Passwords& passwords_;
    SignInCounts* counts_;
};

// Throws Error{forbidden} for an actor that is signed in by a token: the call needs a browser's session.
void require_session(const Actor& actor);

}  // namespace bodega::app
