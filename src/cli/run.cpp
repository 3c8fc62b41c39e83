#include "cli/run.h"

#include <csignal>
#include <exception>

#include "base/error.h"
#include "base/log.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/help.h"
#include "server/process.h"
#include "server/successor.h"

namespace bodega::cli {

int run(const std::vector<std::string>& words) noexcept {
    server::hold_standard_descriptors();
    // A write to a closed connection or pipe must fail with EPIPE and not end the process.
    std::signal(SIGPIPE, SIG_IGN);
    // Commands print their own messages, so only warnings are logged; serve configures the log itself.
    base::log::configure(base::log::Level::warn, base::log::Format::text);
    try {
        Invocation invocation = parse_arguments(words);
        if (!invocation.help) return invocation.command->run(invocation);
        std::string text = invocation.command->name == "help" ? overview() : help_of(*invocation.command);
        text.pop_back();  // say() adds the line break
        say(text);
        return kDone;
    } catch (const base::Error& error) {
        complain(error.what());
        server::UpgradeParent().refuse(error.what());  // tells the parent of an upgrade, unless serve already has
        return error.code() == base::Code::config_invalid ? kUsage : kFailed;
    } catch (const std::exception& error) {
        complain(error.what());
        server::UpgradeParent().refuse(error.what());  // tells the parent of an upgrade, unless serve already has
        return kFailed;
    }
}

}  // namespace bodega::cli
