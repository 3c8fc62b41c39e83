#include "server/first_admin.h"

#include "app/auth/setup.h"
#include "base/error.h"
#include "base/log.h"
#include "config/read.h"

namespace bodega::server {
namespace {

using base::Code;
using base::Error;

void create(app::Setup& setup, const config::Accounts& accounts) {
    std::string password = config::read_secret(accounts.admin_password_file, "accounts.admin_password_file");
    try {
        if (setup.create_admin(accounts.admin_user, password)) {
            base::log::info("serve", "created the first administrator", {{"username", accounts.admin_user}});
        }
    } catch (const Error& error) {
        // Another node with the same configuration may have created the account.
        if (error.code() == Code::name_taken && !setup.is_needed()) return;
        throw Error(Code::config_invalid, std::string("accounts.admin_user can't be created: ") + error.what());
    }
}

}  // namespace

std::optional<std::string> invite_first_admin(const app::Services& services, app::Passwords& passwords,
                                              const config::PublicUrl& public_url) {
    app::Setup setup(services, passwords);
    if (!setup.is_needed()) return std::nullopt;
    if (!services.config.accounts.admin_user.empty()) {
        create(setup, services.config.accounts);
        return std::nullopt;
    }
    auto token = setup.issue();
    if (!token) return std::nullopt;
    // A browser sends the part after '#' to no server, so the token appears in no log and no Referer.
    return public_url.url("/setup#token=" + *token);
}

}  // namespace bodega::server
