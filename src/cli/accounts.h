// Opens an installation with its accounts, for the `user` commands.
#pragma once

#include <string>

#include "app/auth/account_credentials.h"
#include "app/auth/accounts.h"
#include "server/backend.h"

namespace bodega::cli {

class AccountBackend {
public:
    // Prints a message if it creates the catalog, since the settings may name the wrong database server.
    AccountBackend(config::Config config, server::Backend::Absent absent);

    app::Accounts& accounts() noexcept { return accounts_; }
    app::AccountCredentials credentials() noexcept { return app::AccountCredentials(backend_.services()); }

    // Throws Error{not_found} if there is no such account.
    store::User find(const std::string& username);

private:
    server::Backend backend_;
    app::Passwords passwords_;
    app::Accounts accounts_;
};

}  // namespace bodega::cli
