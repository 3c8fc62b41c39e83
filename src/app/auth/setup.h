// The first administrator: there is no default password, so somebody who can read the server's output makes it,
// or the operator's own configuration. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/auth/sign_in.h"

namespace bodega::app {

class Setup {
public:
    Setup(const Services& services, Passwords& passwords) : services_(services), passwords_(passwords) {}

    // No account is an administrator yet.
    bool is_needed();

    // A token for accounts.setup_lifetime that any node takes, once; for the URL …/setup?token=…, which goes to the
    // operator's terminal and nowhere else. std::nullopt if there is an administrator.
    std::optional<std::string> issue();

    // Makes the first administrator and signs them in. Throws Error{gone} if there is one already, Error{forbidden}
    // for a token that is unknown or too old, Error{throttled} for many of them, Error{invalid} as Accounts::create.
    SignedIn redeem(std::string_view token, std::string_view username, std::string_view password, const Origin& origin);

    // The unattended way (accounts.admin_user). False, and nothing done, if there is an administrator.
    // Throws Error{invalid} for a name or a password against the rules, Error{name_taken}.
    bool create_admin(std::string_view username, std::string_view password);

private:
    const Services& services_;
    Passwords& passwords_;
};

}  // namespace bodega::app
