#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"

namespace bodega::cli {
namespace {

constexpr Option kOptions[] = {
    {"--password-file", "FILE", "the password's file; \"-\" is standard input; without it, it is asked for"},
};

int run_user_passwd(const Invocation& invocation) {
    AccountDesk desk(invocation.config(), Storehouse::Absent::refuse);
    store::User user = desk.find(invocation.arguments[0]);
    app::AccountChange change;
    change.password = new_password(invocation.value("--password-file"), user.username);
    desk.accounts().change(app::console_actor(), user.id, change);
    say("set the password of " + user.username + "; its sessions have ended");
    return kDone;
}

}  // namespace

const Command& user_passwd_command() {
    static constexpr Command command{
        "user passwd",
        "NAME",
        "set an account's password",
        "Sets a new password and ends the account's sessions, on every node. The password is asked for twice, or read\n"
        "from a file or from standard input.",
        kOptions,
        1,
        1,
        true,
        run_user_passwd};
    return command;
}

}  // namespace bodega::cli
