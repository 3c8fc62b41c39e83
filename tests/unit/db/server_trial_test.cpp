#include "db/server_trial.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "db/migration_lock.h"
#include "db/mysql/mysql_error.h"
#include "db/schema.h"
#include "support/catalog.h"
#include "support/mariadb.h"

namespace bodega {
namespace {

namespace fs = std::filesystem;
using db::Trial;
using test::MariaDb;
using test::TestCatalog;

std::map<Trial::Of, std::string> errors(db::Connection& connection) {
    std::map<Trial::Of, std::string> found;
    for (const Trial& trial : db::try_server(connection)) found[trial.of] = trial.error;
    REQUIRE(found.size() == 3);
    return found;
}

bool is_well(db::Connection& connection) {
    return std::ranges::all_of(db::try_server(connection), [](const Trial& one) { return one.error.empty(); });
}

// An account with fewer rights on a catalog's database.
class Account {
public:
    Account(const TestCatalog& catalog, const std::string& rights) : source_(catalog.source()) {
        source_.user = "lesser";
        source_.password = "lesser-secret";
        MariaDb& server = MariaDb::instance();
        server.administer("CREATE USER lesser@'%' IDENTIFIED BY 'lesser-secret'");
        server.administer("GRANT " + rights + " ON `" + source_.name + "`.* TO lesser@'%'");
    }
    ~Account() { MariaDb::instance().administer("DROP USER lesser@'%'"); }
    Account(const Account&) = delete;

    std::map<Trial::Of, std::string> errors() const { return bodega::errors(*db::connect(source_)); }

private:
    db::Source source_;
};

TEST_CASE("a capable server passes the trial, which leaves nothing behind", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    const auto connection = catalog.pool().acquire();
    const auto before = db::tables_in(*connection);
    CHECK(is_well(*connection));
    CHECK(is_well(*connection));
    CHECK(db::tables_in(*connection) == before);
    CHECK(catalog.number({"left", "SELECT COUNT(*) FROM schema_migrations WHERE version < 0"}) == 0);
}

TEST_CASE("a database without a catalog passes the trial and stays empty", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    const auto connection = catalog.pool().acquire();
    CHECK(is_well(*connection));
    CHECK(db::tables_in(*connection).empty());
    if (catalog.source().dialect == db::Dialect::sqlite) return;
    // A trial that was killed leaves its table; SQLite's transaction leaves nothing.
    connection->execute_text("left", "CREATE TABLE bodega_trial (a INTEGER)");
    CHECK(is_well(*connection));
    CHECK(db::tables_in(*connection).empty());
}

TEST_CASE("an account that may only read fails the write trial with the server's message", "[db]") {
    TestCatalog catalog(db::Dialect::mysql);
    const auto found = Account(catalog, "SELECT").errors();
    CHECK(found.at(Trial::Of::functions).empty());
    CHECK(found.at(Trial::Of::lock).empty());
    CHECK(found.at(Trial::Of::writing).find("INSERT command denied to user 'lesser'") != std::string::npos);
}

TEST_CASE("each missing right fails the write trial", "[db]") {
    TestCatalog catalog(db::Dialect::mysql);
    for (const char* rights : {"SELECT, INSERT, UPDATE", "SELECT, INSERT, DELETE", "SELECT, UPDATE, DELETE"}) {
        INFO(rights);
        CHECK(Account(catalog, rights).errors().at(Trial::Of::writing).find("denied") != std::string::npos);
    }
    CHECK(Account(catalog, "SELECT, INSERT, UPDATE, DELETE").errors().at(Trial::Of::writing).empty());
    TestCatalog empty(db::Dialect::mysql, TestCatalog::Empty{});
    for (const char* rights :
         {"SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER"}) {
        INFO(rights);
        CHECK(Account(empty, rights).errors().at(Trial::Of::writing).find("denied") != std::string::npos);
        CHECK(db::tables_in(*empty.pool().acquire()).empty());
    }
}

TEST_CASE("a right missing on one table is found", "[db]") {
    TestCatalog catalog(db::Dialect::mysql);
    MariaDb& server = MariaDb::instance();
    server.administer("CREATE USER partly@'%' IDENTIFIED BY 'partly-secret'");
    const std::string name = catalog.source().name;
    for (const auto& [table, columns] : db::tables_in(*catalog.pool().acquire())) {
        const std::string rights = table == "tokens" ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE";
        server.administer("GRANT " + rights + " ON " + name + "." + table + " TO partly@'%'");
    }
    server.administer("GRANT SELECT, INSERT, UPDATE, DELETE ON " + name + ".schema_migrations TO partly@'%'");
    db::Source source = catalog.source();
    source.user = "partly";
    source.password = "partly-secret";
    const std::string error = errors(*db::connect(source)).at(Trial::Of::writing);
    CHECK(error.find("for table") != std::string::npos);
    CHECK(error.find("tokens") != std::string::npos);
    server.administer("DROP USER partly@'%'");
}

TEST_CASE("a lock that another process holds is no error", "[db]") {
    TestCatalog catalog(db::Dialect::mysql);
    const auto holder = db::connect(catalog.source());
    const db::MigrationLock lock(*holder, std::chrono::milliseconds(0));
    CHECK(is_well(*catalog.pool().acquire()));
}

TEST_CASE("a read-only server fails the write trial", "[db]") {
    TestCatalog catalog(db::Dialect::mysql);
    const auto connection = db::connect(catalog.source());
    MariaDb::instance().set_read_only(true);
    const std::string error = errors(*connection).at(Trial::Of::writing);
    MariaDb::instance().set_read_only(false);
    CHECK(error.find("read-only") != std::string::npos);
}

// A server that lacks something: a version that dropped it, a proxy that does not pass it on.
class Without final : public db::Connection {
public:
    Without(db::Connection& inner, std::string_view missing) : inner_(inner), missing_(missing) {}

    db::Dialect dialect() const noexcept override { return inner_.dialect(); }
    db::Statement& prepare(const db::Sql& sql) override {
        if (sql.text.find(missing_) != sql.text.npos) {
            throw db::failure_of(sql.name, 1305, "42000", "FUNCTION " + missing_ + " does not exist");
        }
        return inner_.prepare(sql);
    }
    void execute_text(std::string_view name, std::string_view text) override { inner_.execute_text(name, text); }
    void begin_snapshot() override { inner_.begin_snapshot(); }
    void begin() override { inner_.begin(); }
    db::PendingSync commit() override { return inner_.commit(); }
    void rollback() noexcept override { inner_.rollback(); }
    bool broken() const noexcept override { return inner_.broken(); }
    void settle() noexcept override { inner_.settle(); }
    bool hung_up() noexcept override { return inner_.hung_up(); }
    bool end_session(std::string_view session, std::chrono::milliseconds limit) override {
        return inner_.end_session(session, limit);
    }

private:
    db::Connection& inner_;
    const std::string missing_;
};

TEST_CASE("a missing SQL function fails its trial", "[db]") {
    TestCatalog catalog(db::Dialect::mysql);
    const auto connection = catalog.pool().acquire();
    for (const auto& [missing, of] : {std::pair{"GET_LOCK", Trial::Of::lock},
                                      {"DATABASE", Trial::Of::lock},
                                      {"COALESCE", Trial::Of::functions},
                                      {"{now}", Trial::Of::functions},
                                      {"RECURSIVE", Trial::Of::functions},
                                      {"{on_conflict", Trial::Of::writing}}) {
        Without lacking(*connection, missing);
        const std::string error = errors(lacking).at(of);
        CHECK(error.find(std::string("FUNCTION ") + missing + " does not exist") != std::string::npos);
    }
}

// The SQL functions in a file's string literals, or in all of a migration.
std::set<std::string> functions_in(const fs::path& path) {
    static const std::regex literal(R"re("(?:[^"\\]|\\.)*")re"), call(R"(\b([A-Z][A-Z0-9_]+)\()");
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::string sql = path.extension() == ".sql" ? text : "";
    if (sql.empty()) {
        for (std::sregex_iterator at(text.begin(), text.end(), literal), end; at != end; ++at) sql += at->str();
    }
    std::set<std::string> found;
    for (std::sregex_iterator at(sql.begin(), sql.end(), call), end; at != end; ++at) found.insert((*at)[1]);
    return found;
}

TEST_CASE("the doctor tries every SQL function that the store uses", "[db]") {
    const std::set<std::string> no_functions = {"BINARY", "VARBINARY", "CHAR", "VARCHAR", "CAST"};
    int files = 0;
    for (const char* layer : {"src/db", "src/store"}) {
        for (const auto& entry : fs::recursive_directory_iterator(layer)) {
            const fs::path& path = entry.path();
            const bool is_sql = path.extension() == ".sql" && path.string().find("/mysql/") != std::string::npos;
            if (path.extension() != ".cpp" && path.extension() != ".h" && !is_sql) continue;
            ++files;
            for (const std::string& name : functions_in(path)) {
                INFO(path << " calls " << name);
                CHECK((no_functions.contains(name) || std::ranges::count(db::kTriedFunctions, name) > 0));
            }
        }
    }
    CHECK(files > 50);
}

}  // namespace
}  // namespace bodega
