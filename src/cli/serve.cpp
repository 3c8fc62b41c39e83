#include "cli/announcement.h"
#include "cli/commands.h"
#include "server/node.h"

namespace bodega::cli {
namespace {

int run_serve(const Invocation& invocation) {
    server::run_node({[&invocation] { return invocation.config_with_origins(); }, announce});
    return kDone;
}

}  // namespace

const Command& serve_command() {
    static constexpr Command command{
        "serve",
        "",
        "serve the team's files over HTTP",
        "Serves the web app and its API until SIGTERM or SIGINT. Then it finishes the requests in flight, for at\n"
        "most node.drain_limit; a second signal ends it at once. SIGHUP reloads the configuration; an invalid one\n"
        "changes nothing. SIGUSR1 reopens the log files. SIGUSR2 starts the binary that is on the disk now, hands\n"
        "the listening sockets over to it, and ends this process once the new one is ready. The first start prints\n"
        "a URL that creates the first administrator and works once. To create the administrator without a person,\n"
        "set BODEGA_ADMIN_USER and BODEGA_ADMIN_PASSWORD_FILE.",
        {},
        0,
        0,
        true,
        run_serve};
    return command;
}

}  // namespace bodega::cli
