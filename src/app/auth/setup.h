// Creates the first administrator. There is no default password: a person who can read the server's output creates the
// administrator, or the operator's configuration does. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/auth/sign_in.h"

namespace bodega::app {

class Setup {
public:
    Setup(const Services& services, Passwords& passwords) : services_(services), passwords_(passwords) {}

    // True while no account is an administrator.
    bool is_needed();

    // Makes a token that is valid for accounts.setup_lifetime, on any node, once. It is for the URL …/setup?token=…,
    // which is written to the operator's terminal and nowhere else. std::nullopt if there is an administrator.
    std::optional<std::string> issue();

    // Creates the first administrator and signs them in. Throws Error{gone} if there is one already, Error{forbidden}
    // for a token that is unknown or expired, Error{throttled} after too many of these, Error{invalid} as
    // Accounts::create.
    SignedIn redeem(std::string_view token, std::string_view username, std::string_view password, const Origin& origin);

    // The unattended way (accounts.admin_user). Returns false and does nothing if there is an administrator. Throws
    // Error{invalid} for a name or a password against the rules, Error{name_taken}.
    bool create_admin(std::string_view username, std::string_view password);

private:
    const Services& services_;
    Passwords& passwords_;
};

}  // namespace bodega::app
