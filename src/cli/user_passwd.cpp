#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"

namespace bodega::cli {
namespace {

constexpr Option kOptions[] = {
    {"--password-file", "FILE",
     "file that holds the password; \"-\" is standard input; without it, the password is asked for"},
};

int run_user_passwd(const Invocation& invocation) {
    AccountBackend backend(invocation.config(), server::Backend::Absent::refuse);
    store::User user = backend.find(invocation.arguments[0]);
    app::AccountChange change;
    change.password = new_password(invocation.value("--password-file"), user.username);
    const app::Ended ended = backend.accounts().change(app::console_actor(), user.id, change).ended;
    say("set the password of " + user.username + "; ended " + ended.text());
    return kDone;
}

}  // namespace

const Command& user_passwd_command() {
    static constexpr Command command{
        "user passwd",
        "NAME",
        "set an account's password",
        "Sets a new password, ends the account's sessions and API tokens on every node, and lifts a lock-out. The\n"
        "password is asked for twice, or read from a file or from standard input.",
        kOptions,
        1,
        1,
        true,
        run_user_passwd};
    return command;
}

}  // namespace bodega::cli
