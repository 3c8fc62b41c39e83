#include "config/variables.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/encoding.h"
#include "base/error.h"
#include "config/value.h"

namespace bodega::config {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kPrefix = "BODEGA_";
constexpr std::string_view kConfigFile = "BODEGA_CONFIG";  // its value is the path of the configuration file

const std::string* find(const Variables& variables, std::string_view name) {
    auto at = variables.find(name);
    return at == variables.end() ? nullptr : &at->second;
}

// Variables that Kubernetes and container links set for a service "bodega" or "bodega-…": …_SERVICE_HOST,
// …_SERVICE_PORT[_NAME], …_PORT=tcp://…, …_PORT_80_TCP[_ADDR|_PORT|_PROTO].
bool is_service_link(std::string_view name, std::string_view value) {
    if (name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != name.npos) return true;
    if (name.ends_with("_PORT")) return value.starts_with("tcp://") || value.starts_with("udp://");
    std::size_t port = name.rfind("_PORT_");
    if (port == name.npos) return false;
    std::string_view rest = name.substr(port + 6);
    std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    return digits > 0 && (rest.substr(digits).starts_with("_TCP") || rest.substr(digits).starts_with("_UDP"));
}

bool is_known(std::string_view name) {
    return name == kConfigFile || std::any_of(keys().begin(), keys().end(), [&](const Key& key) {
               return name == key.variable || name == variable_name(key);
           });
}

void check_known(const Variables& variables, Problems& problems) {
    for (const auto& [name, value] : variables) {
        if (!name.starts_with(kPrefix) || is_known(name) || is_service_link(name, value)) continue;
        std::vector<std::string> known{std::string(kConfigFile)};
        for (const Key& key : keys()) {
            if (key.variable.starts_with(kPrefix)) known.emplace_back(key.variable);
            known.push_back(variable_name(key));
        }
        problems.add(name + ": there is no such setting" + did_you_mean(name, known));
    }
}

// DB_HOST, DB_PORT, DB_NAME and DB_USER together make a database.url.
std::optional<Setting> classic_database(const Variables& variables) {
    const std::string* host = find(variables, "DB_HOST");
    if (!host || host->empty()) {
        for (std::string_view part : {"DB_PORT", "DB_NAME", "DB_USER"}) {
            if (!find(variables, part) || find(variables, variable_name(*find_key("database.url")))) continue;
            throw Error(Code::config_invalid, std::string(part) + " is set without DB_HOST: set DB_HOST to the " +
                                                  "database's host, or unset " + std::string(part));
        }
        return std::nullopt;
    }
    auto part = [&](std::string_view name, std::string otherwise) {
        const std::string* value = find(variables, name);
        return value && !value->empty() ? *value : otherwise;
    };
    std::string port = part("DB_PORT", "3306");
    auto number = parse_integer(port);
    if (!number || *number < 1 || *number > 65535) {
        throw Error(Code::config_invalid, "DB_PORT: must be a port between 1 and 65535, not \"" + port + "\"");
    }
    // An IPv6 address needs brackets; a unix socket's path is percent-encoded.
    std::string place = host->find(':') != host->npos && !host->starts_with('[') ? "[" + *host + "]"
                        : host->starts_with('[')                                 ? *host
                                                                                 : base::percent_encode(*host);
    std::string url = "mysql://" + base::percent_encode(part("DB_USER", "bodega")) + "@" + place + ":" +
                      std::to_string(*number) + "/" + base::percent_encode(part("DB_NAME", "bodega"));
    return Setting{find_key("database.url"), Plain{url}, "DB_HOST"};
}

}  // namespace

Settings read_variables(const Variables& variables) {
    Problems problems(Problems::Policy::thrown);
    return read_variables(variables, problems);
}

Settings read_variables(const Variables& variables, Problems& problems) {
    check_known(variables, problems);
    Settings settings;
    problems.attempt([&] {
        if (auto url = classic_database(variables)) settings.push_back(*url);
    });
    for (const Key& key : keys()) {
        if (const std::string* value = key.variable.empty() ? nullptr : find(variables, key.variable)) {
            settings.push_back({&key, Plain{*value}, std::string(key.variable)});
        }
    }
    for (const Key& key : keys()) {
        std::string name = variable_name(key);
        if (const std::string* value = find(variables, name)) settings.push_back({&key, Plain{*value}, name});
    }
    return settings;
}

}  // namespace bodega::config
