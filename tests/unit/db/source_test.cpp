#include "db/source.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

namespace bodega::db {
namespace {

TEST_CASE("a SQLite URL contains the path literally", "[db]") {
    const Source source = Source::parse("sqlite:/var/lib/bodega/a b%20.db");
    CHECK(source.dialect == Dialect::sqlite);
    CHECK(source.path == "/var/lib/bodega/a b%20.db");
}

TEST_CASE("the parts of a MySQL URL are decoded", "[db]") {
    const Source source = Source::parse("mysql://b%40dega@db.example.org:3307/my%2Dfiles");
    CHECK(source.dialect == Dialect::mysql);
    CHECK(source.user == "b@dega");
    CHECK(source.host == "db.example.org");
    CHECK(source.port == 3307);
    CHECK(source.name == "my-files");
    CHECK(source.password.empty());
}

TEST_CASE("the host of a MySQL URL may be an address or a socket", "[db]") {
    CHECK(Source::parse("mysql://u@10.0.0.1/n").host == "10.0.0.1");
    CHECK(Source::parse("mysql://u@10.0.0.1/n").port == 3306);
    CHECK(Source::parse("mysql://u@[::1]/n").host == "::1");
    CHECK(Source::parse("mysql://u@[::1]:33060/n").host == "::1");
    CHECK(Source::parse("mysql://u@[::1]:33060/n").port == 33060);
    CHECK(Source::parse("mysql://u@%2Frun%2Fmysqld%2Fmysqld.sock/n").host == "/run/mysqld/mysqld.sock");
}

TEST_CASE("parameters of a URL are refused with the setting to use instead, and are no part of a name", "[db]") {
    CHECK(Source::parse("mysql://u@h/a%3Fb%23c").name == "a?b#c");
    try {
        Source::parse("mysql://u@h/n?ssl-mode=REQUIRED");
        CHECK(false);
    } catch (const base::Error& error) {
        CHECK(std::string_view(error.what()).find("database.ssl_ca (DB_SSL_CA)") != std::string_view::npos);
    }
}

TEST_CASE("a malformed database URL is refused without repeating it", "[db]") {
    for (const char* url : {"",
                            "sqlite:",
                            "postgres://u@h/secret",
                            "mysql://h/secret",
                            "mysql://u@h",
                            "mysql://u@h/",
                            "mysql://@h/secret",
                            "mysql://u@/secret",
                            "mysql://u@h:0/secret",
                            "mysql://u@h:65536/secret",
                            "mysql://u@h:33x/secret",
                            "mysql://u@[::1/secret",
                            "mysql://u@h:/secret",
                            "mysql://u%4@h/secret",
                            "mysql://u:secret@h/n",
                            "mysql://u@[::1]x/secret",
                            "mysql://u@[]:1/secret",
                            "mysql://u@h/secret?ssl-mode=REQUIRED",
                            "mysql://u@h/secret?",
                            "mysql://u@h/secret#x"}) {
        INFO(url);
        try {
            Source::parse(url);
            CHECK(std::string_view(url) == "refused");
        } catch (const base::Error& error) {
            CHECK(error.code() == base::Code::config_invalid);
            CHECK(std::string_view(error.what()).find("secret") == std::string_view::npos);
        }
    }
}

}  // namespace
}  // namespace bodega::db
