#include "app/auth/username.h"
#include "base/error.h"
#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "config/value.h"

namespace bodega::cli {
namespace {

constexpr Option kOptions[] = {
    {"--admin", "", "an administrator"},
    {"--quota", "SIZE", "of the personal space, \"10GiB\" say; without it there is no limit"},
    {"--password-file", "FILE", "the password's file; \"-\" is standard input; without it, it is asked for"},
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
    // All that can be wrong with the words is found before a catalog is made for them.
    account.password = new_password(invocation.value("--password-file"), account.username);
    app::Passwords(config.accounts).check_rules(account.password, account.username);
    AccountDesk desk(std::move(config), Storehouse::Absent::make);
    store::User user = desk.accounts().create(app::console_actor(), account);
    say("made the account " + user.username + (account.role == store::Role::admin ? ", an administrator" : ""));
    return kDone;
}

}  // namespace

const Command& user_add_command() {
    static constexpr Command command{
        "user add",
        "NAME",
        "make an account",
        "Makes an account with a personal space. The password is asked for twice, or read from a file or from\n"
        "standard input; it is never an argument, since a command line is public on its machine.",
        kOptions,
        1,
        1,
        true,
        run_user_add};
    return command;
}

}  // namespace bodega::cli
