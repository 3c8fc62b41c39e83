#include "cli/accounts.h"

#include "base/error.h"

namespace bodega::cli {

store::User AccountDesk::find(const std::string& username) {
    if (auto user = accounts_.find(username)) return *user;
    throw base::Error(base::Code::not_found, "there is no account " + username + "; bodega user list shows them all");
}

}  // namespace bodega::cli
