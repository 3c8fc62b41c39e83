#include "cli/command.h"

namespace bodega::cli {

std::optional<std::string> Invocation::value(std::string_view option) const {
    auto found = options.find(option);
    if (found == options.end()) return std::nullopt;
    return found->second;
}

config::Config Invocation::config() const {
    config::Sources sources;
    sources.flags = flags;
    sources.file = config_file;
    sources.environment = config::process_environment();
    return config::read(sources);
}

}  // namespace bodega::cli
