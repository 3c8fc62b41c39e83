#include "cli/accounts.h"

#include <utility>

#include "base/error.h"
#include "cli/console.h"

namespace bodega::cli {

AccountBackend::AccountBackend(config::Config config, server::Backend::Absent absent)
    : backend_(std::move(config), absent),
      passwords_(backend_.config().accounts),
      accounts_(backend_.services(), passwords_) {
    if (backend_.made_catalog())
        complain("there was no catalog, so a new one was created: " +
                 server::catalog_place(server::catalog_source(backend_.config())));
}

store::User AccountBackend::find(const std::string& username) {
    if (auto user = accounts_.find(username)) return *user;
    throw base::Error(base::Code::not_found, "there is no account " + username + "; bodega user list shows them all");
}

}  // namespace bodega::cli
