// config.toml at the top of the tree is the reference: it holds every key, with its default.
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "config/toml_file.h"

using namespace bodega::config;

namespace {

std::string reference() {
    std::ifstream file("config.toml");
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("config.toml equals the defaults and leaves no key out", "[config]") {
    Config config;
    std::set<std::string_view> seen;
    for (const Setting& setting : parse_toml(reference(), "config.toml")) {
        assign(*setting.key, config, setting.value, setting.origin);
        seen.insert(setting.key->name);
    }
    for (const Key& key : keys()) {
        INFO(key.name);
        CHECK(seen.contains(key.name));
        CHECK(show(key, config) == show(key, Config{}));
    }
}

TEST_CASE("config.toml has a line of explanation on every key", "[config]") {
    std::istringstream lines(reference());
    for (std::string line; std::getline(lines, line);) {
        bool sets_a_key = line.find(" = ") != line.npos && !line.starts_with('#');
        INFO(line);
        if (sets_a_key) CHECK(line.rfind(" # ") != line.npos);
    }
}
