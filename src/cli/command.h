// A subcommand as a row of a table: what it is called, what it takes, what its help says, what it does.
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
    std::string_view name;   // "--password-file"
    std::string_view value;  // "FILE", as help shows it; empty: a switch
    std::string_view help;
};

class Invocation;

// Static storage.
struct Command {
    std::string_view name;       // "serve", "user add"
    std::string_view arguments;  // "NAME", as help shows them
    std::string_view summary;    // one line, no full stop
    std::string_view text;       // help's paragraphs
    std::span<const Option> options;
    std::size_t least = 0, most = 0;          // how many arguments
    bool takes_settings = true;               // --config and a flag for every setting
    int (*run)(const Invocation&) = nullptr;  // returns an exit code, or throws base::Error
};

// A command line that fits its command.
class Invocation {
public:
    const Command* command = nullptr;  // never null once parsed
    std::vector<std::string> arguments;
    std::map<std::string, std::string, std::less<>> options;  // "--password-file" → value; a switch → ""
    bool help = false;                                        // --help or -h was there; arguments are not counted then
    config::Settings flags;
    std::optional<std::string> config_file;

    bool has(std::string_view option) const { return options.contains(option); }
    std::optional<std::string> value(std::string_view option) const;

    // The configuration, with this command line's flags. Throws Error{config_invalid}.
    config::Config config() const;
    config::Reading config_with_origins() const;

    // What config() reads.
    config::Sources sources() const;
};

}  // namespace bodega::cli
