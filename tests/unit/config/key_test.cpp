#include "config/key.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "base/error.h"

using namespace bodega::config;

namespace {

std::string refused(std::string_view key, const Value& value) {
    Config config;
    try {
        assign(*find_key(key), config, value, "here");
    } catch (const bodega::base::Error& error) {
        CHECK(error.code() == bodega::base::Code::config_invalid);
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("names of keys, flags and variables are unique", "[config]") {
    std::set<std::string> names;
    for (const Key& key : keys()) {
        INFO(key.name);
        CHECK(names.insert(std::string(key.name)).second);
        CHECK(names.insert(flag_name(key)).second);
        CHECK(names.insert(variable_name(key)).second);
        if (!key.variable.empty()) CHECK(names.insert(std::string(key.variable)).second);
        CHECK_FALSE(key.help.empty());
        CHECK(find_key(key.name) == &key);
    }
    CHECK(flag_name(*find_key("edge.head_timeout")) == "--edge-head-timeout");
    CHECK(variable_name(*find_key("edge.head_timeout")) == "BODEGA_EDGE_HEAD_TIMEOUT");
    CHECK(find_key("edge.hed_timeout") == nullptr);
}

TEST_CASE("every default is valid for its key", "[config]") {
    for (const Key& key : keys()) {
        Config config;
        std::string shown = show(key, config);
        std::string text = shown.starts_with('"') ? shown.substr(1, shown.size() - 2) : shown;
        if (shown.starts_with('[')) continue;
        INFO(key.name << " = " << shown);
        CHECK_NOTHROW(assign(key, config, Plain{text}, "default"));
        CHECK(show(key, config) == shown);
    }
}

TEST_CASE("a malformed value is refused with an example of the right form", "[config]") {
    CHECK(refused("edge.loops", Plain{"many"}) == "here: edge.loops must be a whole number, not \"many\"");
    CHECK(refused("edge.loops", std::string("4")) == "here: edge.loops must be a whole number, not the text \"4\"");
    CHECK(refused("edge.loops", std::int64_t{257}) == "here: edge.loops must be between 0 and 256");
    CHECK(refused("edge.max_head", Plain{"1B"}) == "here: edge.max_head must be between 1KiB and 1MiB");
    CHECK(refused("edge.head_timeout", std::int64_t{30}) ==
          "here: edge.head_timeout must be a duration such as \"30s\" or \"10min\", not the number 30");
    CHECK(refused("edge.listen", std::string("x")) == "here: edge.listen must be a list of texts, not the text \"x\"");
    CHECK(refused("edge.listen", Mistyped{"a table"}) == "here: edge.listen must be a list of texts, not a table");
    CHECK(refused("log.level", Plain{"loud"}) ==
          "here: log.level must be one of debug, info, warn, error, not \"loud\"");
    CHECK(refused("node.name", std::string("a\0b", 3)) == "here: node.name must not hold a NUL character");
}

TEST_CASE("a secret is neither shown nor part of a message", "[config]") {
    const Key& key = *find_key("database.password");
    Config config;
    CHECK(show(key, config) == "\"\"");
    config.database.password = "hunter2";
    CHECK(show(key, config) == "\"(set)\"");
    CHECK(refused("database.password", std::int64_t{1234}) == "here: database.password must be a text");
}

TEST_CASE("the nearest name is suggested, a distant one is not", "[config]") {
    std::vector<std::string> names{"edge.listen", "edge.loops", "app.listen"};
    CHECK(did_you_mean("edge.lisen", names) == " (did you mean edge.listen?)");
    CHECK(did_you_mean("frobnicate", names).empty());
    // A name without its section.
    const std::vector<std::string> whole{"edge.listen", "app.listen", "node.shared_dir", "--node-shared-dir",
                                         "user list"};
    CHECK(did_you_mean("listen", whole) == " (did you mean edge.listen or app.listen?)");
    CHECK(did_you_mean("shared_dir", whole) == " (did you mean node.shared_dir?)");
    CHECK(did_you_mean("--shared-dir", whole) == " (did you mean --node-shared-dir?)");
    CHECK(did_you_mean("list", whole) == " (did you mean user list?)");
}
