#include "db/server_probe.h"

#include <algorithm>

namespace bodega::db {
namespace {

constexpr int kTimes = 40;

constexpr Sql kSqliteVersion{"facts.version", "SELECT sqlite_version()"};
constexpr Sql kVersion{"facts.version", "SELECT VERSION(), @@max_connections, @@global.read_only"};
constexpr Sql kCipher{"facts.cipher", "SHOW SESSION STATUS LIKE 'Ssl_cipher'"};
constexpr Sql kNothing{"facts.nothing", "SELECT 1"};

void ask_server(Connection& connection, ServerProbe& facts) {
    auto& row = connection.query(kVersion);
    row.next();
    facts.version = row.text(0);
    facts.max_connections = row.int64(1);
    facts.read_only = row.int64(2) != 0;
    row.reset();
    auto& status = connection.query(kCipher);
    if (status.next()) facts.cipher = status.text(1);
    status.reset();
}

// Returns the time on the database's clock minus the time on this machine's clock. Assumes that the database reads its
// clock in the middle of the round trip.
base::Milliseconds ahead_of_here(Connection& connection) {
    const base::Milliseconds before = base::now_ms();
    const base::Milliseconds there = connection.now_ms();
    return there - (before + base::now_ms()) / 2;
}

}  // namespace

ServerProbe probe_server(Connection& connection) {
    ServerProbe facts;
    facts.dialect = connection.dialect();
    if (facts.dialect == Dialect::mysql) {
        ask_server(connection, facts);
    } else {
        auto& row = connection.query(kSqliteVersion);
        if (row.next()) facts.version = row.text(0);
        row.reset();
    }
    connection.now_ms();  // prepares the statement before its time is measured
    facts.ahead = ahead_of_here(connection);
    for (int i = 0; i < kTimes; ++i) {
        const auto begin = base::Steady::now();
        auto& row = connection.query(kNothing);
        while (row.next()) {
        }
        facts.times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(base::Steady::now() - begin));
    }
    std::ranges::sort(facts.times);
    return facts;
}

}  // namespace bodega::db
