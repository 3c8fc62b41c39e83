#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/error.h"
#include "db/server_trial.h"
#include "db/source.h"
#include "support/catalog.h"
#include "support/certificate.h"
#include "support/mariadb.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace bodega {
namespace {

using base::Code;
using db::Source;
using test::MariaDb;

// The Error of connecting; internal if it succeeds.
base::Error refusal(const Source& source) {
    try {
        db::connect(source);
    } catch (const base::Error& error) {
        CHECK(std::string(error.what()).find(source.password.empty() ? "\n" : source.password) == std::string::npos);
        return error;
    }
    return {Code::internal, "it connects"};
}

Source sqlite(const std::string& path) {
    Source source;
    source.path = path;
    return source;
}

TEST_CASE("a new SQLite file and its log are readable only by their owner", "[db]") {
    const test::TempFolder folder;
    const auto connection = db::connect(sqlite(folder / "catalog.db"));
    connection->execute_text("t", "CREATE TABLE t (a INTEGER)");
    for (const char* name : {"catalog.db", "catalog.db-wal"}) {
        struct stat file {};
        REQUIRE(::stat((folder / name).c_str(), &file) == 0);
        CHECK((file.st_mode & 0777) == 0600);
    }
}

TEST_CASE("a SQLite file that can't be used is a configuration error or a disk error", "[db]") {
    const test::TempFolder folder;
    CHECK(refusal(sqlite(folder / "missing/catalog.db")).code() == Code::config_invalid);
    CHECK(refusal(sqlite(folder.path())).code() == Code::config_invalid);
    std::ofstream(folder / "text.db") << std::string(4096, 'x');
    CHECK(refusal(sqlite(folder / "text.db")).code() == Code::io);
}

TEST_CASE("a MySQL server is reached by socket, address and name", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    Source source = catalog.source();
    CHECK(db::connect(source)->now_ms() > 0);
    source = MariaDb::instance().over_tcp(source);
    CHECK(db::connect(source)->now_ms() > 0);
    source.host = "localhost";
    CHECK(db::connect(source)->now_ms() > 0);
}

TEST_CASE("a permanent connection error is a configuration error", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    Source source = catalog.source();
    source.password = "wrong-password";
    CHECK(refusal(source).code() == Code::config_invalid);
    source = catalog.source();
    source.name = "t_missing";
    CHECK(refusal(source).code() == Code::config_invalid);
}

// An account whose password changes, and its file.
struct Rotation {
    Rotation() {
        MariaDb::instance().administer("CREATE USER rotated@'%' IDENTIFIED BY 'first'");
        MariaDb::instance().administer("GRANT ALL ON `t\\_%`.* TO rotated@'%'");
        source.user = "rotated";
        source.password = "first";
        source.renewed = std::make_shared<db::Password>("first", [this] {
            ++looks;
            if (file.empty()) throw base::Error(Code::config_invalid, "there is no such file");
            return file;
        });
    }
    ~Rotation() { MariaDb::instance().administer("DROP USER rotated@'%'"); }
    Rotation(const Rotation&) = delete;

    static void change(const std::string& password) {
        MariaDb::instance().administer("ALTER USER rotated@'%' IDENTIFIED BY '" + password + "'");
    }
    bool connects() const { return db::connect(source)->now_ms() > 0; }

    test::TestCatalog catalog{db::Dialect::mysql};
    Source source = catalog.source();
    std::string file = "first";
    int looks = 0;
};

TEST_CASE("a changed password is read again, whether the file or the server changes first", "[db]") {
    Rotation rotation;
    CHECK(rotation.connects());
    rotation.file = "second";
    CHECK(rotation.connects());
    CHECK(rotation.looks == 0);
    Rotation::change("second");
    CHECK(rotation.connects());
    CHECK(rotation.connects());
    CHECK(rotation.looks == 1);

    Rotation::change("third");
    CHECK(refusal(rotation.source).code() == Code::config_invalid);
    rotation.file = "third";
    CHECK(rotation.connects());
    CHECK(rotation.source.renewed->text() == "third");
}

TEST_CASE("an expired password is refused until there is a new one", "[db]") {
    Rotation rotation;
    MariaDb::instance().administer("ALTER USER rotated@'%' PASSWORD EXPIRE");
    // MariaDB refuses the first statement only.
    try {
        db::connect(rotation.source)->now_ms();
        FAIL("an expired password was taken");
    } catch (const base::Error& error) {
        CHECK(error.code() == Code::config_invalid);
        CHECK(std::string(error.what()).find("expired") != std::string::npos);
    }
    Rotation::change("second");
    rotation.file = "second";
    CHECK(rotation.connects());
}

// A server's own defaults, changed for a while.
struct ServerDefaults {
    explicit ServerDefaults(std::vector<std::pair<std::string, std::string>> settings) {
        for (const auto& [name, value] : settings) {
            before.emplace_back(name, MariaDb::instance().ask("SELECT @@GLOBAL." + name));
            MariaDb::instance().administer("SET GLOBAL " + name + " = " + value);
        }
    }
    ~ServerDefaults() {
        for (const auto& [name, value] : before) {
            const std::string text =
                name == "completion_type" ? "0" : std::to_string(static_cast<std::uint64_t>(value));
            MariaDb::instance().administer("SET GLOBAL " + name + " = " + text);
        }
    }
    ServerDefaults(const ServerDefaults&) = delete;

    std::vector<std::pair<std::string, std::int64_t>> before;
};

TEST_CASE("a server with other defaults does not change bodega's sessions", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    const ServerDefaults defaults(
        {{"autocommit", "0"}, {"completion_type", "1"}, {"sql_safe_updates", "1"}, {"sql_select_limit", "1"}});
    const auto connection = db::connect(catalog.source());
    for (const db::Trial& trial : db::try_server(*connection)) CHECK(trial.error.empty());
    for (int id = 1; id <= 2; ++id) connection->execute({"add", "INSERT INTO setup_tokens VALUES (?, 0)"}, {id});
    connection->execute({"expire", "UPDATE setup_tokens SET expires_at = 1"});  // of every row
    CHECK(catalog.number({"rows", "SELECT COUNT(*) FROM setup_tokens WHERE expires_at = 1"}) == 2);
    auto& rows = connection->query({"list", "SELECT hash FROM setup_tokens"});
    int found = 0;
    while (rows.next()) ++found;
    CHECK(found == 2);
}

TEST_CASE("with a wrong or missing password file connecting fails, and is retried", "[db]") {
    Rotation rotation;
    Rotation::change("second");
    for (const char* found : {"wrong", ""}) {
        rotation.file = found;
        CHECK(refusal(rotation.source).code() == Code::config_invalid);
        CHECK(rotation.source.renewed->text() == "first");
    }
    rotation.file = "second";
    CHECK(rotation.connects());
    rotation.source.name = "t_missing";  // is not about the password
    rotation.looks = 0;
    const auto missing = refusal(rotation.source);
    CHECK(missing.code() == Code::config_invalid);
    CHECK(std::string(missing.what()).find("create that database") != std::string::npos);
    CHECK(rotation.looks == 0);
}

TEST_CASE("an unreachable server is reported as unavailable, without its name", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    Source source = MariaDb::instance().over_tcp(catalog.source());
    source.port = test::free_port();
    const auto error = refusal(source);
    CHECK(error.code() == Code::unavailable);
    CHECK(error.retry_after() == 1);
    CHECK(std::string(error.what()).find("127.0.0.1") == std::string::npos);
    source.host = "no-such-host.invalid";
    CHECK(refusal(source).code() == Code::unavailable);
}

constexpr db::Sql kCipher{"cipher", "SHOW SESSION STATUS LIKE 'Ssl_cipher'"};

TEST_CASE("with a CA bundle the server's certificate is verified", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    Source source = MariaDb::instance().over_tcp(catalog.source());
    source.ssl_ca = MariaDb::instance().authority();
    for (const char* host : {"127.0.0.1", "localhost"}) {
        source.host = host;
        const auto connection = db::connect(source);
        auto& row = connection->query(kCipher);
        REQUIRE(row.next());
        CHECK_FALSE(row.text(1).empty());
    }
}

TEST_CASE("a server certificate of another authority or name is refused", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    const test::TempFolder folder;
    test::make_certificate(folder.path());
    Source source = MariaDb::instance().over_tcp(catalog.source());
    source.ssl_ca = folder / "ca.pem";
    CHECK(refusal(source).code() == Code::config_invalid);
    source.ssl_ca = MariaDb::instance().authority();
    source.host = "127.0.0.2";
    CHECK(refusal(source).code() != Code::internal);
    source.ssl_ca = folder / "missing.pem";
    CHECK(refusal(source).code() == Code::config_invalid);
}

}  // namespace
}  // namespace bodega
