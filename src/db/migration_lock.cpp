#include "db/migration_lock.h"

#include <openssl/evp.h>

#include <array>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "db/failure.h"

namespace bodega::db {
namespace {

// GET_LOCK waits only three seconds in each try, since a statement has a time limit.
constexpr Sql kDatabase{"migrate.database", "SELECT DATABASE()"};
constexpr Sql kLock{"migrate.lock", "SELECT GET_LOCK(?, 3)"};
constexpr Sql kUnlock{"migrate.unlock", "SELECT RELEASE_LOCK(?)"};

bool ask(Connection& connection, const Sql& sql, const std::string& name) {
    Statement& row = connection.query(sql, {name});
    const bool yes = row.next() && row.int64(0) == 1;
    row.reset();
    return yes;
}

std::string database_of(Connection& connection) {
    Statement& row = connection.query(kDatabase);
    std::string name(row.next() ? row.text(0) : std::string_view{});
    row.reset();
    return name;
}

}  // namespace

std::string migration_lock_name(std::string_view database) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(database.data(), database.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
        throw base::Error(base::Code::internal, "OpenSSL can't compute SHA-1, which names the migrations' lock");
    }
    return "bodega." + base::hex(std::span(digest).first(size));
}

MigrationLock::MigrationLock(Connection& connection, std::chrono::milliseconds limit) : connection_(connection) {
    if (connection.dialect() == Dialect::mysql) name_ = migration_lock_name(database_of(connection));
    const auto until = base::Steady::now() + limit;
    while (!try_lock()) {
        if (base::Steady::now() > until) {
            throw Failure(
                Failure::Kind::other, base::Code::unavailable,
                "another process has been changing the catalog's schema for a minute; start bodega again when it "
                "is finished",
                10);
        }
        base::log::info("db", "waiting for another process that changes the catalog's schema");
    }
}

bool MigrationLock::try_lock() {
    if (connection_.dialect() == Dialect::mysql) return ask(connection_, kLock, name_);
    try {
        connection_.begin();
        return true;
    } catch (const Failure& failure) {
        if (failure.kind() != Failure::Kind::again) throw;
        return false;
    }
}

void MigrationLock::keep() {
    if (connection_.dialect() == Dialect::sqlite) connection_.commit().wait();
}

MigrationLock::~MigrationLock() {
    connection_.rollback();
    if (connection_.dialect() != Dialect::mysql || connection_.broken()) return;
    try {
        ask(connection_, kUnlock, name_);
    } catch (const base::Error& error) {
        base::log::debug("db", "could not release the migrations' lock; it ends with the connection",
                         {{"why", error.what()}});
    }
}

}  // namespace bodega::db
