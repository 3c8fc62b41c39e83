#include "cli/command.h"

namespace bodega::cli {

std::optional<std::string> Invocation::value(std::string_view option) const {
    auto found = options.find(option);
    if (found == options.end()) return std::nullopt;
    return found->second;
}

config::Sources Invocation::sources() const {
    config::Sources sources;
    sources.flags = flags;
    sources.file = config_file;
    sources.environment = config::process_environment();
    return sources;
}

config::Config Invocation::config() const { return config::read(sources()); }

config::Reading Invocation::config_with_origins() const { return config::read_with_origins(sources()); }

}  // namespace bodega::cli
