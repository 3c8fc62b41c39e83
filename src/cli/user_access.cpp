// The commands user disable and user enable.
#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"

namespace bodega::cli {
namespace {

int set_disabled(const Invocation& invocation, bool disabled) {
    AccountBackend backend(invocation.config(), server::Backend::Absent::refuse);
    store::User user = backend.find(invocation.arguments[0]);
    app::AccountChange change;
    change.disabled = disabled;
    const app::Ended ended = backend.accounts().change(app::console_actor(), user.id, change).ended;
    say(disabled ? user.username + " can't sign in any more; ended " + ended.text()
                 : user.username + " may sign in again");
    return kDone;
}

int run_user_disable(const Invocation& invocation) { return set_disabled(invocation, true); }
int run_user_enable(const Invocation& invocation) { return set_disabled(invocation, false); }

}  // namespace

const Command& user_disable_command() {
    static constexpr Command command{
        "user disable",
        "NAME",
        "stop an account from signing in",
        "Ends the account's sessions and API tokens and stops it from signing in, on every node. Its files stay.\n"
        "The last administrator can't be disabled.",
        {},
        1,
        1,
        true,
        run_user_disable};
    return command;
}

const Command& user_enable_command() {
    static constexpr Command command{"user enable",
                                     "NAME",
                                     "let a disabled account sign in again",
                                     "Lets a disabled account sign in again, with its old password.",
                                     {},
                                     1,
                                     1,
                                     true,
                                     run_user_enable};
    return command;
}

}  // namespace bodega::cli
