// The account that a page expects to be signed in. All pages of a browser share a cookie, so a sign-in in one page
// changes the account of all pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/auth/authorizer.h"

namespace bodega::web {

// The request field with the id of the account that the page expects.
inline constexpr std::string_view kExpectedUserField = "Bodega-User";

// Thrown if a different account is signed in. The call has done nothing.
class WrongAccount : public base::Error {
public:
    explicit WrongAccount(std::string username)
        : base::Error(base::Code::conflict, "This browser is signed in as " + username +
                                                " now. Reload the page to continue with this account."),
          username_(std::move(username)) {}

    const std::string& username() const noexcept { return username_; }

private:
    std::string username_;
};

// Throws WrongAccount if the field names another account than the actor's. A call without the field accepts any
// account.
inline void require_expected_user(const std::optional<std::string_view>& field, const app::Actor& actor) {
    if (field && base::Ulid::parse(*field) != actor.user_id) throw WrongAccount(actor.username);
}

}  // namespace bodega::web
