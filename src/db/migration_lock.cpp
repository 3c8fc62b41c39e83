#include "db/migration_lock.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/failure.h"

namespace bodega::db {
namespace {

// The name is the server's, so it holds the database's; 64 characters at most. A few seconds a try: a
// statement has a time limit.
constexpr Sql kLock{"migrate.lock", "SELECT GET_LOCK(CONCAT('bodega.', SHA1(DATABASE())), 3)"};
constexpr Sql kUnlock{"migrate.unlock", "SELECT RELEASE_LOCK(CONCAT('bodega.', SHA1(DATABASE())))"};

bool ask(Connection& connection, const Sql& sql) {
    Statement& row = connection.query(sql);
    const bool yes = row.next() && row.int64(0) == 1;
    row.reset();
    return yes;
}

}  // namespace

MigrationLock::MigrationLock(Connection& connection, std::chrono::milliseconds limit) : connection_(connection) {
    const auto until = base::Steady::now() + limit;
    while (!try_lock()) {
        if (base::Steady::now() > until) {
            throw Failure(Failure::Kind::other, base::Code::unavailable,
                          "another process has been changing the catalog's schema for a minute; start again when it "
                          "is done",
                          10);
        }
        base::log::info("db", "waiting for another process that prepares the catalog");
    }
}

bool MigrationLock::try_lock() {
    if (connection_.dialect() == Dialect::mysql) return ask(connection_, kLock);
    try {
        connection_.begin();
        return true;
    } catch (const Failure& failure) {
        if (failure.kind() != Failure::Kind::again) throw;
        return false;
    }
}

void MigrationLock::keep() {
    if (connection_.dialect() == Dialect::sqlite) connection_.commit();
}

MigrationLock::~MigrationLock() {
    connection_.rollback();
    if (connection_.dialect() != Dialect::mysql || connection_.broken()) return;
    try {
        ask(connection_, kUnlock);
    } catch (const base::Error& error) {
        base::log::debug("db", "the migrations' lock ends with the connection", {{"why", error.what()}});
    }
}

}  // namespace bodega::db
