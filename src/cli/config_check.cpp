#include <algorithm>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "config/problems.h"
#include "config/read.h"
#include "db/source.h"
#include "edge/exchange/error_pages.h"
#include "edge/listen_address.h"
#include "edge/route_plan.h"
#include "edge/routing/trust.h"
#include "edge/tls/tls_certificate.h"
#include "net/listener.h"

namespace bodega::cli {
namespace {

// Checks the files and folders that the settings name. Reports what `serve` would refuse at its start or at a later
// reload.
void check_surroundings(const config::Config& config, config::Problems& problems) {
    const config::Edge& edge = config.edge;
    bool secure = false;
    for (const std::string& listener : edge.listen)
        problems.attempt([&] { secure = edge::parse_listen_address(listener).options.secure || secure; });
    for (const std::string& pair : edge.tls.certificates) {
        if (secure) problems.attempt([&] { edge::load_certificate(edge::CertificateFiles::of(pair)); });
    }
    problems.attempt([&] { const edge::Trust trust(edge); });
    problems.attempt([&] { const edge::ErrorPages pages(edge.error_pages); });
    problems.attempt([&] { const edge::RoutePlan plan(edge); });
    if (!config.database.url.empty()) problems.attempt([&] { db::Source::parse(config.database.url); });
    auto check_secret = [&](const std::string& path, std::string_view key) {
        if (!path.empty()) problems.attempt([&] { config::read_secret(path, key); });
    };
    const std::string& key_file = edge.acme.secret_file;
    if (!edge.acme.names.empty() && !key_file.empty())
        problems.attempt([&] { config::read_key(key_file, "edge.acme.secret_file"); });
    const std::string& app = config.app.listen;
    if (!app.empty() && !app.starts_with('/')) check_secret(config.app.proxy_secret_file, "app.proxy_secret_file");
}

void say_overridden(const config::Origins& origins) {
    for (auto [source, name] :
         {std::pair{config::Source::dotenv, ".env"}, {config::Source::environment, "the environment"}}) {
        const std::string keys = config::overridden_by(origins, source);
        if (!keys.empty()) say(std::string(name) + " wins over the file: " + keys);
    }
}

int run_config_check(const Invocation& invocation) {
    const config::Reading reading = config::examine(invocation.sources());
    config::Problems problems(config::Problems::Policy::kept);
    for (const std::string& line : reading.problems) problems.add(line);
    if (reading.problems.empty()) check_surroundings(reading.config, problems);
    for (const std::string& line : problems.lines()) complain(line);
    if (!problems.lines().empty()) return kUsage;
    say_overridden(reading.origins);
    std::string files;
    for (const std::string& file : reading.files) files.append(files.empty() ? "" : " and ").append(file);
    say("the configuration is valid: " + (files.empty() ? "there is no file, so the defaults apply" : files));
    return kDone;
}

}  // namespace

const Command& config_check_command() {
    static constexpr Command command{
        "config check",
        "",
        "check that the configuration is valid",
        "Reads the configuration as bodega serve would here: config.toml (or --config), .env, the environment and\n"
        "the flags. Prints one line for each mistake, with its place, and exits with 2. Changes nothing, and does\n"
        "not contact a running server. Also checks the certificates, folders and secrets that the settings name,\n"
        "but not the database. systemctl reload runs this check first, and fails if it fails.",
        {},
        0,
        0,
        true,
        run_config_check};
    return command;
}

}  // namespace bodega::cli
