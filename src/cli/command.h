// Describes a subcommand as data: its name, arguments, help and function.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/read.h"

namespace bodega::cli {

// Exit codes of every command.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

struct Option {
    std::string_view name;  // for example "--password-file"
    // Name of the value in help, such as "FILE"; empty: the option has no value.
    std::string_view value;
    std::string_view help;
};

class Invocation;

// A subcommand. All commands have static storage.
struct Command {
    std::string_view name;       // for example "serve" or "user add"
    std::string_view arguments;  // names of the arguments in help, such as "NAME"
    std::string_view summary;    // one line, no full stop
    std::string_view text;       // paragraphs that help shows after the summary
    std::span<const Option> options;
    std::size_t least = 0, max = 0;           // fewest and most arguments
    bool takes_settings = true;               // accepts --config and a flag for every setting
    int (*run)(const Invocation&) = nullptr;  // returns an exit code, or throws base::Error
};

// A parsed command line.
class Invocation {
public:
    const Command* command = nullptr;  // never null once parsed
    std::vector<std::string> arguments;
    // "--password-file" → value; an option without a value → "".
    std::map<std::string, std::string, std::less<>> options;
    bool help = false;  // true if --help or -h was given; any number of arguments is then accepted
    config::Settings flags;
    std::optional<std::string> config_file;

    bool has(std::string_view option) const { return options.contains(option); }
    std::optional<std::string> value(std::string_view option) const;

    // The configuration, with this command line's flags. Throws Error{config_invalid}.
    config::Config config() const;
    config::Reading config_with_origins() const;

    // The sources that config() reads.
    config::Sources sources() const;
};

}  // namespace bodega::cli
