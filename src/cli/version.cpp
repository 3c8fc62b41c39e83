#include "base/version.h"

#include "cli/commands.h"
#include "cli/console.h"

namespace bodega::cli {
namespace {

int run_version(const Invocation&) {
    say("bodega " + std::string(base::version()) + " (" + std::string(base::commit()) + ")");
    return kDone;
}

}  // namespace

const Command& version_command() {
    static constexpr Command command{"version",
                                     "",
                                     "the version and the commit it was built from",
                                     "Prints the version and the commit.",
                                     {},
                                     0,
                                     0,
                                     false,
                                     run_version};
    return command;
}

}  // namespace bodega::cli
