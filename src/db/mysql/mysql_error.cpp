#include "db/mysql/mysql_error.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace bodega::db {
namespace {

using base::Code;
using Kind = Failure::Kind;

struct Known {
    unsigned number;
    MysqlError meaning;
};

// The numbers of mysqld_error.h and errmsg.h, for both servers and all versions.
constexpr Known kKnown[] = {
    {1020, MysqlError::again},      // the row changed since it was read (MariaDB's snapshot isolation)
    {1021, MysqlError::no_space},   // the disk is full
    {1037, MysqlError::full},       // out of memory
    {1038, MysqlError::full},       // out of sort memory
    {1040, MysqlError::full},       // too many connections
    {1041, MysqlError::full},       // out of memory
    {1044, MysqlError::sign_in},    // no access to the database
    {1045, MysqlError::sign_in},    // access denied
    {1047, MysqlError::lost},       // the cluster's node is not ready
    {1049, MysqlError::sign_in},    // unknown database
    {1050, MysqlError::exists},     // table exists
    {1053, MysqlError::lost},       // server shutdown in progress
    {1060, MysqlError::exists},     // duplicate column name
    {1061, MysqlError::exists},     // duplicate key name
    {1062, MysqlError::duplicate},  // duplicate entry
    {1091, MysqlError::exists},     // can't drop, it isn't there
    {1114, MysqlError::no_space},   // the table is full
    {1129, MysqlError::sign_in},    // this host is blocked after too many errors
    {1130, MysqlError::sign_in},    // this host may not connect
    {1152, MysqlError::lost},       // aborted connection
    {1158, MysqlError::lost},       // error reading packets
    {1159, MysqlError::lost},       // timeout reading packets
    {1160, MysqlError::lost},       // error writing packets
    {1161, MysqlError::lost},       // timeout writing packets
    {1184, MysqlError::lost},       // aborted connection
    {1203, MysqlError::full},       // the user has too many connections
    {1205, MysqlError::again},      // lock wait timeout
    {1206, MysqlError::again},      // the lock table is full
    {1213, MysqlError::again},      // deadlock
    {1226, MysqlError::full},       // the user has reached a resource limit
    {1227, MysqlError::sign_in},    // a privilege is missing
    {1243, MysqlError::reprepare},  // unknown statement handle
    {1251, MysqlError::sign_in},    // unsupported authentication protocol
    {1275, MysqlError::sign_in},    // the password is stored in an obsolete form
    {1290, MysqlError::lost},       // the server runs with --read-only
    {1317, MysqlError::timeout},    // interrupted
    {1412, MysqlError::again},      // the table's definition changed
    {1461, MysqlError::too_many},   // max_prepared_stmt_count
    {1524, MysqlError::sign_in},    // the authentication plugin is not loaded
    {1586, MysqlError::duplicate},  // duplicate entry, with the key's name
    {1613, MysqlError::again},      // the distributed transaction was rolled back: it took too long
    {1614, MysqlError::again},      // the distributed transaction was rolled back: deadlock
    {1615, MysqlError::reprepare},  // the statement must be prepared again
    {1637, MysqlError::again},      // too many concurrent transactions
    {1698, MysqlError::sign_in},    // access denied
    {1792, MysqlError::lost},       // a write in a read-only transaction
    {1820, MysqlError::sign_in},    // the password has expired and must be changed
    {1836, MysqlError::lost},       // read-only mode
    {1862, MysqlError::sign_in},    // the password has expired
    {1927, MysqlError::lost},       // the connection was killed (MariaDB)
    {1969, MysqlError::timeout},    // max_statement_time (MariaDB)
    {2002, MysqlError::lost},       // can't connect over the unix socket
    {2003, MysqlError::lost},       // can't connect over TCP
    {2005, MysqlError::lost},       // unknown host
    {2006, MysqlError::lost},       // the server has gone away
    {2012, MysqlError::lost},       // connection lost in the handshake
    {2013, MysqlError::lost},       // connection lost
    {2014, MysqlError::lost},       // commands out of sync
    {2026, MysqlError::sign_in},    // TLS error
    {2027, MysqlError::lost},       // malformed packet
    {2030, MysqlError::reprepare},  // statement not prepared
    {2055, MysqlError::lost},       // connection lost, with the system's error
    {2057, MysqlError::reprepare},  // the result has other columns now
    {2058, MysqlError::sign_in},    // error in the authentication plugin
    {2059, MysqlError::sign_in},    // can't load the authentication plugin
    {2061, MysqlError::sign_in},    // error in the authentication plugin
    {3024, MysqlError::timeout},    // max_execution_time (MySQL)
    {3032, MysqlError::lost},       // offline mode
    {3118, MysqlError::sign_in},    // the account is locked (MySQL)
    {3159, MysqlError::sign_in},    // the server requires a secure transport
    {3955, MysqlError::sign_in},    // the account is blocked after too many failed sign-ins
    {4031, MysqlError::lost},       // disconnected after inactivity (MySQL)
    {4151, MysqlError::sign_in},    // the account is locked (MariaDB)
    {5010, MysqlError::sign_in},    // an authentication method that kSignIn excludes
};

// True for the errors of a server that refuses writes.
bool is_read_only(unsigned number) { return number == 1290 || number == 1792 || number == 1836; }

// True if the password has expired. Some servers then refuse the connection, others refuse each statement except SET.
bool has_expired(unsigned number) { return number == 1820 || number == 1862; }

bool quotes_data(std::string_view sqlstate) { return sqlstate.starts_with("22") || sqlstate.starts_with("23"); }

}  // namespace

MysqlError classify(unsigned number) noexcept {
    const auto* known =
        std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& entry) { return entry.number == number; });
    return known == std::end(kKnown) ? MysqlError::other : known->meaning;
}

bool leaves_commit_open(unsigned number) noexcept {
    if (is_read_only(number)) return false;
    const MysqlError meaning = classify(number);
    return meaning == MysqlError::lost || meaning == MysqlError::timeout;
}

Failure failure_of(std::string_view name, unsigned number, std::string_view sqlstate, std::string_view words) {
    const std::string what = std::string(name) + ": ";
    const std::string code = " (" + std::to_string(number) + ", " + std::string(sqlstate) + ")";
    const std::string said = words.empty() || quotes_data(sqlstate) ? code : code + ": " + std::string(words);
    switch (classify(number)) {
        case MysqlError::again:
            return {Kind::again, Code::unavailable, what + "another transaction holds a lock" + code, 1};
        case MysqlError::lost:
            return {Kind::lost, Code::unavailable,
                    what +
                        (is_read_only(number) ? "the database is read-only" : "the connection to the database broke") +
                        code,
                    1};
        case MysqlError::too_many:
        case MysqlError::full: return {Kind::other, Code::unavailable, what + "the database is at its limit" + code, 2};
        case MysqlError::timeout: return {Kind::other, Code::unavailable, what + "it took too long" + code, 1};
        case MysqlError::no_space: return {Kind::other, Code::no_space, what + "the database's disk is full" + code};
        case MysqlError::exists:
            return {Kind::exists, Code::internal, what + "the object exists already, or does not exist" + said};
        case MysqlError::sign_in:
            return {Kind::other, Code::config_invalid,
                    what +
                        (has_expired(number) ? "the password of bodega's account has expired"
                                             : "the database refuses bodega's account") +
                        said};
        default: return {Kind::other, Code::internal, what + "the database refused the statement" + said};
    }
}

}  // namespace bodega::db
