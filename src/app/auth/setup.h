// Creates the first administrator. There is no default password. Either a person who can read the server's output
// creates the administrator, or the operator's configuration does. Thread-safe.
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

    // Makes a token that is valid once, on any node, for accounts.setup_lifetime. The token is part of the URL
    // …/setup#token=…, which is written only to the operator's terminal. Returns std::nullopt if there is an
    // administrator.
    std::optional<std::string> issue();

    // Creates the first administrator and signs them in. Throws Error{gone} if there is one already, Error{forbidden}
    // for a token that is unknown or expired, Error{throttled} after too many wrong tokens, and Error{invalid} as
    // Accounts::create does.
    SignedIn redeem(std::string_view token, std::string_view username, std::string_view password, const Origin& origin);

    // Creates the administrator that accounts.admin_user names. Returns false and does nothing if there is an
    // administrator. Throws Error{invalid} for a name or a password that breaks the rules, and Error{name_taken}.
    bool create_admin(std::string_view username, std::string_view password);

private:
    const Services& services_;
    Passwords& passwords_;
};

}  // namespace bodega::app
