// Records where the values of settings come from. Pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace bodega::config {

enum class Source : std::uint8_t { standard, file, dotenv, environment, flag };

struct Origin {
    Source source = Source::standard;
    std::string where;       // "config.toml:12", "BODEGA_EDGE_LISTEN", "--edge-listen"; empty: the default
    std::string overridden;  // place in the file that sets the same key to another value, "config.toml:3"; empty: none

    // "default", "config.toml:12", ".env (BODEGA_EDGE_LISTEN)", "environment (BODEGA_EDGE_LISTEN)", "--edge-listen"
    std::string text() const;
};

// The key of the map is the setting's name. Settings that have their default are not in the map.
using Origins = std::map<std::string, Origin, std::less<>>;

// Returns the keys whose value in the file has no effect, because `source` (.env or the environment) sets another
// value. The keys are joined by ", ": "edge.listen (config.toml:3)". Returns "" if every value has an effect.
std::string overridden_by(const Origins& origins, Source source);

}  // namespace bodega::config
