// Who a caller believes to be: pages of one browser share a cookie, and a sign-in in one changes whom all act as.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/auth/authorizer.h"

namespace bodega::web {

// A request's field that names the account, by its id, in whose name its page acts.
inline constexpr std::string_view kBelievedUserField = "Bodega-User";

// Another account than that is signed in: nothing was done.
class WrongAccount : public base::Error {
public:
    explicit WrongAccount(std::string username)
        : base::Error(base::Code::conflict,
                      "This browser is signed in as " + username + " by now. Load the page anew to continue so."),
          username_(std::move(username)) {}

    const std::string& username() const noexcept { return username_; }

private:
    std::string username_;
};

// Throws WrongAccount unless the field names the actor; without the field everything is as the credential says.
inline void require_believed_user(const std::optional<std::string_view>& field, const app::Actor& actor) {
    if (field && base::Ulid::parse(*field) != actor.user_id) throw WrongAccount(actor.username);
}

}  // namespace bodega::web
