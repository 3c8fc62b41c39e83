// Signing in and out, and one's own sessions. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/auth/authorizer.h"
#include "app/auth/passwords.h"
#include "app/auth/throttle.h"
#include "store/auth/session.h"

namespace bodega::app {

// A new session and its secret, which is shown to nobody but the browser that signed in.
struct NewSession {
    store::Session session;
    std::string secret;
};

struct SignedIn {
    store::User user;
    NewSession session;
    std::string device;  // the secret by which this browser is known to the account from now on
};

// A session for an account whose password was just checked. `id` is made before the transaction, so that a lost
// COMMIT can be asked after. Requires: a transaction.
NewSession start_session(db::Connection& connection, const base::Ulid& user_id, const base::Ulid& id,
                         config::Duration lifetime, const Origin& origin);

// Makes a browser known to an account: keeps the secret if it is known already, else gives it another, which its other
// accounts then know, too. device: what it showed, may be empty. Requires: a transaction.
std::string remember_device(db::Connection& connection, const base::Ulid& user_id, std::string_view device);

class SignIn {
public:
    SignIn(const Services& services, Passwords& passwords, SignInCounts* counts = nullptr)
        : services_(services), passwords_(passwords), counts_(counts) {}

    // device: the secret of a sign-in before, if the browser has one (throttle.h). Throws Error{unauthenticated}, the
    // same and after the same time whether the account is unknown, disabled or has another password; Error{throttled};
    // Error{unavailable} if too many hash at once.
    SignedIn sign_in(std::string_view username, std::string_view password, const Origin& origin,
                     std::string_view device = {});

    // Ends the actor's own session. Throws Error{invalid} for an actor who is signed in by a token.
    void sign_out(const Actor& actor);

    std::vector<store::Session> sessions(const Actor& actor);
    // These throw Error{forbidden} for an actor who is signed in by a token.
    void end_session(const Actor& actor, const base::Ulid& session_id);  // Error{not_found} if it is not theirs
    void end_other_sessions(const Actor& actor);

    // Ends all other sessions, and with `end_tokens` all tokens. Throws Error{forbidden} if current is wrong,
    // Error{throttled}, Error{invalid} for a new one against the rules, Error{forbidden} for an actor who is signed in
    // by a token.
    void change_password(const Actor& actor, std::string_view current, std::string_view fresh, bool end_tokens);

private:
    const Services& services_;
    Passwords& passwords_;
    SignInCounts* counts_;
};

// What a browser's session is needed for: throws Error{forbidden} for a token.
void require_session(const Actor& actor);

}  // namespace bodega::app
