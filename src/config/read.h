// Puts a Config together: flags > environment and .env > config.toml > defaults.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/dotenv.h"
#include "config/origin.h"
#include "config/setting.h"

namespace bodega::config {

struct Sources {
    Settings flags;                   // in the order of the command line; of a list, each flag adds items
    std::optional<std::string> file;  // --config; else BODEGA_CONFIG; else config.toml if it is there
    Variables environment;            // the process's
    std::string folder = ".";         // where .env, and config.toml by default, are looked for
};

// The environment of this process. Not thread-safe against setenv(3): call it at start.
Variables process_environment();

// Reads every source and the files that hold secrets, then checks the whole (check.h). Throws
// Error{config_invalid} with one line: what is wrong, where it was set, and what to do.
Config read(const Sources& sources);

struct Reading {
    Config config;
    Origins origins;
    std::vector<std::string> files;  // those of settings that were there: config.toml, .env
    std::vector<std::string> problems;
};

// The same with where each value comes from.
Reading read_with_origins(const Sources& sources);

// The same with a line in `problems` for each mistake, in place of the error; with one, `config` is of no use.
Reading examine(const Sources& sources);

// The secret in a file, which is one line of text, without line breaks at its end and a byte order mark. Throws
// Error{config_invalid}; `what` begins the message.
std::string read_secret(const std::string& path, std::string_view what);

// The bytes in a file from which a key is derived, without one line break at the end: every version of bodega has to
// read the same. Throws as that does.
std::string read_key(const std::string& path, std::string_view what);

}  // namespace bodega::config
