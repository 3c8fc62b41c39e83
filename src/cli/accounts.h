// What the `user` commands share: a storehouse with its accounts.
#pragma once

#include <string>
#include <utility>

#include "app/auth/accounts.h"
#include "app/auth/credentials.h"
#include "server/backend.h"

namespace bodega::cli {

class AccountDesk {
public:
    AccountDesk(config::Config config, Storehouse::Absent absent)
        : house_(std::move(config), absent),
          passwords_(house_.config().accounts),
          accounts_(house_.services(), passwords_) {}

    app::Accounts& accounts() noexcept { return accounts_; }
    app::AccountCredentials credentials() noexcept { return app::AccountCredentials(house_.services()); }

    // Throws Error{not_found}.
    store::User find(const std::string& username);

private:
    Storehouse house_;
    app::Passwords passwords_;
    app::Accounts accounts_;
};

}  // namespace bodega::cli
