#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"

namespace bodega::cli {
namespace {

int run_user_unlock(const Invocation& invocation) {
    AccountDesk desk(invocation.config(), Storehouse::Absent::refuse);
    const store::User user = desk.find(invocation.arguments[0]);
    desk.credentials().unlock(app::console_actor(), user.id);
    say("forgot the failed sign-ins of " + user.username + "; nothing keeps it from signing in" +
        (user.disabled ? " but that it is disabled" : ""));
    return kDone;
}

}  // namespace

const Command& user_unlock_command() {
    static constexpr Command command{
        "user unlock",
        "NAME",
        "lift a lock-out after failed sign-ins",
        "Forgets the failed sign-ins of an account, and those of the networks that they came from, on every node. Its\n"
        "password, sessions and tokens stay.",
        {},
        1,
        1,
        true,
        run_user_unlock};
    return command;
}

}  // namespace bodega::cli
