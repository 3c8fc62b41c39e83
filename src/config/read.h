// Builds a Config from its sources, by priority: flags > environment > .env > config.toml > defaults.
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
    Settings flags;                   // in the order of the command line; repeated flags of a list add items
    std::optional<std::string> file;  // from --config; else BODEGA_CONFIG; else config.toml if it exists
    Variables environment;            // the process's environment
    std::string folder = ".";         // folder of .env and of the default config.toml
};

// The environment of this process. Not thread-safe against setenv(3): call it at start.
Variables process_environment();

// Reads all sources and the files that hold secrets, then checks the result (check.h). Throws Error{config_invalid}
// with one line: what is wrong, where it was set, and what to do.
Config read(const Sources& sources);

struct Reading {
    Config config;
    Origins origins;
    std::vector<std::string> files;  // the settings files that exist: config.toml, .env
    std::vector<std::string> problems;
};

// Like read(), and also returns where each value comes from.
Reading read_with_origins(const Sources& sources);

// Like read_with_origins(), but adds a line to `problems` for each mistake and does not throw. If there are problems,
// do not use `config`.
Reading examine(const Sources& sources);

// Reads a secret from a file of one line; strips a byte order mark and line breaks at the end. Throws
// Error{config_invalid}; the message begins with `what`.
std::string read_secret(const std::string& path, std::string_view what);

// Reads the bytes from which a key is derived; strips one line break at the end. Every version of bodega must read the
// same bytes. Throws like read_secret().
std::string read_key(const std::string& path, std::string_view what);

}  // namespace bodega::config
