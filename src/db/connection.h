// The storage interface: one connection to a catalog, SQLite or MySQL/MariaDB, and its prepared statements.
//
// Repositories (store/) are written once against these two classes. A connection and its statements belong to one
// thread at a time; the Pool lends them. Errors are base::Error: `unavailable` where a retry may help (the transactions
// in db/pool.h retry some of these), `internal` for the rest. The message names the SQL by its Sql::name and never
// shows values. A taken unique key is expected: execute() returns it as Outcome::duplicate.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/ulid.h"
#include "db/pending_sync.h"

namespace bodega::db {

enum class Dialect : std::uint8_t { sqlite, mysql };

// A statement's text and the name that errors and metrics show ("entries.find"). Static storage. Where the engines
// differ, the text holds tokens. The driver expands them when it prepares the statement:
//   {for_update}      " FOR UPDATE" on MySQL, nothing on SQLite (its write transactions are exclusive)
//   {insert_ignore}   "INSERT IGNORE" / "INSERT OR IGNORE"
//   {on_conflict a,b} "ON DUPLICATE KEY UPDATE" / "ON CONFLICT (a,b) DO UPDATE SET"; its changes() are 0 or 1.
//                     An assignment must not read a column that an earlier one set: MySQL sees the new value
//   {excluded c}      "VALUES(c)" / "excluded.c"
//   {now}             the database's clock in UTC milliseconds, an integer expression, constant in a statement
//   {greatest}        "GREATEST" / "MAX"
//   {bytes n}         a parameter of n bytes in a list of columns: "CAST(? AS BINARY(n))" / "?"
//   {use_index i}     "FORCE INDEX (i)" / "INDEXED BY i", after a table's name or alias
// Parameters are written "?", in order. Both engines are set up so that || concatenates, "x" is a column, '\' is a
// plain character in a literal, and LIKE is case-sensitive and has an escape character only with ESCAPE.
struct Sql {
    std::string_view name;
    std::string_view text;
};

// One bound value. SQLite distinguishes text from bytes: ids and digests are bytes.
struct Null {};
struct Blob {
    std::span<const std::uint8_t> bytes;
};
class Param {
public:
    Param(Null) {}
    Param(std::nullopt_t) {}
    Param(bool v) : value_(std::int64_t{v}) {}
    template <class T>
        requires(std::integral<T> && !std::same_as<T, bool>)
    Param(T v) : value_(static_cast<std::int64_t>(v)) {}
    Param(std::string_view text) : value_(text) {}
    Param(const std::string& text) : value_(std::string_view(text)) {}
    Param(const char* text) : value_(std::string_view(text)) {}
    Param(Blob blob) : value_(blob) {}
    Param(const base::Bytes& bytes) : value_(Blob{bytes}) {}
    Param(const base::Ulid& id) : value_(Blob{id.bytes}) {}
    template <class T>
    Param(const std::optional<T>& v) {
        if (v) value_ = Param(*v).value_;
    }

    using Value = std::variant<Null, std::int64_t, std::string_view, Blob>;
    const Value& value() const noexcept { return value_; }

private:
    Value value_ = Null{};
};

enum class Outcome : std::uint8_t { done, duplicate };

struct Changes {
    Outcome outcome = Outcome::done;
    std::int64_t rows = 0;  // number of rows that the WHERE matched, changed or not
};

// A prepared statement in execution. Rows are read one after another; columns count from 0. Views stay valid until the
// next call on this statement.
class Statement {
public:
    virtual ~Statement() = default;

    // Starts the statement again with these values, one for each "?" in order; they are read only during the call. A
    // statement without result rows is complete when run() returns.
    virtual void run(std::span<const Param> params) = 0;
    // Moves to the next row. Returns false after the last row; the statement is then reset.
    virtual bool next() = 0;
    // Discards the rows that are not read yet. Never throws; may be called twice.
    virtual void reset() noexcept = 0;

    virtual bool is_null(int column) const = 0;
    // Returns 0 for NULL; also reads a SUM, which MySQL sends as a decimal.
    virtual std::int64_t int64(int column) const = 0;
    virtual std::string_view text(int column) const = 0;  // returns "" for NULL; works for text and for bytes
    virtual Changes changes() const = 0;  // changes of the last run; only for a statement that returns no rows

    base::Ulid ulid(int column) const;  // returns the nil ULID for NULL
    std::optional<base::Ulid> optional_ulid(int column) const;
    std::optional<std::int64_t> optional_int64(int column) const;
};

class Connection {
public:
    virtual ~Connection() = default;

    virtual Dialect dialect() const noexcept = 0;
    // Returns a statement that is prepared once per connection and cached; one execution at a time. Run it at once and
    // don't keep the reference: the cache drops the least recently used statements.
    virtual Statement& prepare(const Sql& sql) = 0;
    // Runs the text of one statement that has no result. Does not prepare it. For migrations.
    virtual void execute_text(std::string_view name, std::string_view text) = 0;

    // After this call, reads may share one snapshot where that is cheaper: SQLite then takes its locks only once. A
    // write ends the snapshot. The Pool ends it too, when the connection is returned.
    virtual void begin_reading() {}

    // After this call, all reads see the catalog as it is now, until settle() or a write. For long reads such as
    // backups.
    virtual void begin_snapshot() = 0;

    virtual void begin() = 0;          // SQLite: IMMEDIATE, one writer of the process at a time; MySQL: READ COMMITTED
    virtual PendingSync commit() = 0;  // throws CommitLost if the connection breaks before the server answers
    virtual void rollback() noexcept = 0;      // does nothing without a transaction
    virtual bool broken() const noexcept = 0;  // the Pool discards a broken connection

    // The Pool calls settle() and hung_up() before it lends the connection again.
    virtual void settle() noexcept = 0;   // rolls back an open transaction and discards partly read results
    virtual bool hung_up() noexcept = 0;  // true if the server closed the connection; makes no round trip

    // Any thread may call waits_since() and cut(). waits_since() returns when the running statement was sent, or
    // std::nullopt if none runs. cut() breaks the connection: the running statement and all later ones fail as on a
    // lost connection.
    virtual std::optional<base::Steady::time_point> waits_since() const noexcept { return std::nullopt; }
    virtual void cut() noexcept {}

    // Ends another session of this server (CommitLost::session) and waits until it can't change anything any more.
    // Returns false if that is not certain within `limit`.
    virtual bool end_session(std::string_view session, std::chrono::milliseconds limit) = 0;

    // Runs a statement without a result. Returns its changes.
    Changes execute(const Sql& sql, std::initializer_list<Param> params = {});
    // Runs a query: auto& rows = c.query(kList, {id}); while (rows.next()) …
    Statement& query(const Sql& sql, std::initializer_list<Param> params = {});

    base::Milliseconds now_ms();  // the current time of the database's clock
};

}  // namespace bodega::db
