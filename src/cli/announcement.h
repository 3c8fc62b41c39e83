// What serve tells the person who starts it: where it listens, how to become the first administrator, and what is
// unwise about how it was started.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/config.h"
#include "edge/admin.h"
#include "edge/server.h"

namespace bodega::cli {

// The URL at which people reach this server: app.public_url, or else an address of this machine that can be opened.
// edge: null without one.
std::string public_url(const config::Config& config, const edge::Server* edge);

// Lines on standard output. One that is closed is logged, and costs nothing else. edge, admin: null without one.
void announce(const config::Config& config, const edge::Server* edge, const edge::Admin* admin,
              const std::optional<std::string>& invitation);

// Logs that the limit of open files leaves room for fewer connections than were `wanted`, if it does.
void warn_of_limit(const config::Config& config, int wanted);

// Logs what others reach that should not: a server of root's, the app or the metrics on all addresses.
void warn_of_exposure(const config::Config& config);

}  // namespace bodega::cli
