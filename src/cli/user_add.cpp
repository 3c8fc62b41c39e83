#include "app/auth/username.h"
#include "base/error.h"
#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "config/value.h"

namespace bodega::cli {
namespace {

constexpr Option kOptions[] = {
    {"--admin", "", "make the account an administrator"},
    {"--quota", "SIZE", "limit of the personal space, such as \"10GiB\"; without it there is no limit"},
    {"--password-file", "FILE",
     "file that holds the password; \"-\" is standard input; without it, the password is asked for"},
};

std::optional<std::int64_t> quota(const Invocation& invocation) {
    auto text = invocation.value("--quota");
    if (!text) return std::nullopt;
    auto bytes = config::parse_size(*text);
    if (!bytes) {
        throw base::Error(base::Code::config_invalid,
                          "--quota must be a size such as \"10GiB\", not \"" + *text + "\"");
    }
    return bytes;
}

int run_user_add(const Invocation& invocation) {
    app::NewAccount account;
    account.username = app::clean_username(invocation.arguments[0]);
    account.role = invocation.has("--admin") ? store::Role::admin : store::Role::member;
    account.quota_bytes = quota(invocation);
    config::Config config = invocation.config();
    // Reads the password before the catalog is opened, so that an invalid argument creates no catalog.
    account.password = new_password(invocation.value("--password-file"), account.username);
    app::Passwords(config.accounts).check_rules(account.password, account.username);
    AccountBackend backend(std::move(config), server::Backend::Absent::make);
    store::User user = backend.accounts().create(app::console_actor(), account);
    say("made the account " + user.username + (account.role == store::Role::admin ? ", an administrator" : ""));
    return kDone;
}

}  // namespace

const Command& user_add_command() {
    static constexpr Command command{
        "user add",
        "NAME",
        "create an account",
        "Creates an account with a personal space. The password is asked for twice, or read from a file or from\n"
        "standard input. It is never an argument, since other users of the machine can see a command line.",
        kOptions,
        1,
        1,
        true,
        run_user_add};
    return command;
}

}  // namespace bodega::cli
