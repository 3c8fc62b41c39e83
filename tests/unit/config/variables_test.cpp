#include "config/variables.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

using namespace bodega::config;

namespace {

// The value of a key after these variables are applied; "!…" is the error.
std::string value_of(std::string_view key, const Variables& variables) {
    Config config;
    try {
        for (const Setting& s : read_variables(variables)) assign(*s.key, config, s.value, s.origin);
    } catch (const bodega::base::Error& error) {
        return std::string("!") + error.what();
    }
    return show(*find_key(key), config);
}

}  // namespace

TEST_CASE("DB_HOST and its companions make a MySQL address", "[config]") {
    auto url = [](const Variables& variables) { return value_of("database.url", variables); };
    CHECK(url({{"DB_HOST", "db.example.org"}}) == "\"mysql://bodega@db.example.org:3306/bodega\"");
    CHECK(url({{"DB_HOST", "h"}, {"DB_PORT", "3307"}, {"DB_NAME", "files"}, {"DB_USER", "ana@x"}}) ==
          "\"mysql://ana%40x@h:3307/files\"");
    CHECK(url({{"DB_HOST", "/run/mysqld/mysqld.sock"}}) ==
          "\"mysql://bodega@%2Frun%2Fmysqld%2Fmysqld.sock:3306/bodega\"");
    CHECK(url({{"DB_HOST", "fd00::1"}}) == "\"mysql://bodega@[fd00::1]:3306/bodega\"");
    CHECK(url({{"DB_HOST", ""}}) == "\"\"");
    CHECK(url({{"DB_HOST", "h"}, {"BODEGA_DATABASE_URL", "sqlite:x.db"}}) == "\"sqlite:x.db\"");
}

TEST_CASE("an incomplete set of DB_ variables is refused", "[config]") {
    CHECK(value_of("database.url", {{"DB_NAME", "files"}}) ==
          "!DB_NAME is set without DB_HOST: set DB_HOST to the database's host, or unset DB_NAME");
    CHECK(value_of("database.url", {{"DB_NAME", "files"}, {"BODEGA_DATABASE_URL", "sqlite:x"}}) == "\"sqlite:x\"");
    CHECK(value_of("database.url", {{"DB_HOST", "h"}, {"DB_PORT", "0"}}) ==
          "!DB_PORT: must be a port between 1 and 65535, not \"0\"");
}

TEST_CASE("a key's own variable overrides its alias", "[config]") {
    CHECK(value_of("node.shared_dir", {{"SHARED_DIR", "/mnt/a"}}) == "\"/mnt/a\"");
    CHECK(value_of("node.shared_dir", {{"SHARED_DIR", "/mnt/a"}, {"BODEGA_NODE_SHARED_DIR", "/mnt/b"}}) ==
          "\"/mnt/b\"");
    CHECK(value_of("accounts.admin_user", {{"BODEGA_ADMIN_USER", "root"}}) == "\"root\"");
    CHECK(value_of("edge.listen", {{"BODEGA_EDGE_LISTEN", "a, b"}}) == "[\"a\", \"b\"]");
    CHECK(value_of("edge.listen", {{"BODEGA_EDGE_LISTEN", ""}}) == "[]");
}

TEST_CASE("an unknown BODEGA_ variable is refused, one that Kubernetes injects is ignored", "[config]") {
    CHECK(value_of("log.level", {{"BODEGA_EDGE_LISTN", "x"}}) ==
          "!BODEGA_EDGE_LISTN: there is no such setting (did you mean BODEGA_EDGE_LISTEN?)");
    CHECK(value_of("log.level", {{"BODEGA_ADMIN_PASSWORD", "secret"}}) ==
          "!BODEGA_ADMIN_PASSWORD: there is no such setting (did you mean BODEGA_ADMIN_PASSWORD_FILE?)");
    CHECK(value_of("log.level", {{"BODEGA_ADMIN_USR", "ana"}}) ==
          "!BODEGA_ADMIN_USR: there is no such setting (did you mean BODEGA_ADMIN_USER?)");
    CHECK(value_of("log.level", {{"BODEGA_PORT", "8080"}}).starts_with("!BODEGA_PORT: there is no such setting"));
    CHECK(value_of("log.level", {{"BODEGA_PORT", "tcp://10.0.0.7:80"},
                                 {"BODEGA_SERVICE_HOST", "10.0.0.7"},
                                 {"BODEGA_SERVICE_PORT_HTTP", "80"},
                                 {"BODEGA_PORT_80_TCP", "tcp://10.0.0.7:80"},
                                 {"BODEGA_PORT_80_TCP_ADDR", "10.0.0.7"},
                                 {"BODEGA_CONFIG", "config.toml"},
                                 {"OTHER", "x"}}) == "\"info\"");
}
