#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"

namespace bodega::cli {
namespace {

int run_user_unlock(const Invocation& invocation) {
    AccountBackend backend(invocation.config(), server::Backend::Absent::refuse);
    const store::User user = backend.find(invocation.arguments[0]);
    backend.credentials().unlock(app::console_actor(), user.id);
    say("forgot the failed sign-ins of " + user.username + "; it can sign in again" +
        (user.disabled ? " once it is enabled" : ""));
    return kDone;
}

}  // namespace

const Command& user_unlock_command() {
    static constexpr Command command{
        "user unlock",
        "NAME",
        "lift a lock-out after failed sign-ins",
        "Forgets the failed sign-ins of an account, and those of the networks that they came from, on every node.\n"
        "The account's password, sessions and tokens stay.",
        {},
        1,
        1,
        true,
        run_user_unlock};
    return command;
}

}  // namespace bodega::cli
