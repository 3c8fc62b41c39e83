// The storage seam: one connection to a catalog, SQLite or MySQL/MariaDB, and its prepared statements.
//
// Repositories (store/) are written once against these two classes. A connection and its statements
// belong to one thread at a time; the Pool hands them out. Errors are base::Error: `unavailable` for
// what a retry may mend (the Transaction retries what the design lists), `internal` for the rest; the
// message names the SQL by its Sql::name, never by its values. A unique key that is taken is expected:
// execute() reports it as Outcome::duplicate.
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

namespace bodega::db {

enum class Dialect : std::uint8_t { sqlite, mysql };

// A statement's text with the name that errors and metrics show ("entries.find"). Static storage.
// Where the engines differ, the text holds tokens that the driver expands when it prepares:
//   {for_update}      " FOR UPDATE" on MySQL, nothing on SQLite (its write transactions are exclusive)
//   {insert_ignore}   "INSERT IGNORE" / "INSERT OR IGNORE"
//   {on_conflict a,b} "ON DUPLICATE KEY UPDATE" / "ON CONFLICT (a,b) DO UPDATE SET"; its changes() are 0 or 1.
//                     Assignments must not read a column that an earlier one set: MySQL sees the new value
//   {excluded c}      "VALUES(c)" / "excluded.c"
//   {now}             the database's clock in UTC milliseconds, an integer expression, one value a statement
//   {greatest}        "GREATEST" / "MAX"
//   {bytes n}         a parameter of n bytes in a list of columns: "CAST(? AS BINARY(n))" / "?"
//   {use_index i}     "FORCE INDEX (i)" / "INDEXED BY i", behind a table's name or alias
// Parameters are written "?", in order. Both engines are set so that || concatenates, "x" is a column,
// '\' is a plain character in a literal, and LIKE tells capitals apart and escapes only with ESCAPE.
struct Sql {
    std::string_view name;
    std::string_view text;
};

// One bound value. Text and bytes are different things to SQLite: ids and digests are bytes.
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
    std::int64_t rows = 0;  // rows found by the WHERE (MySQL: CLIENT_FOUND_ROWS), so both engines agree
};

// A prepared statement under execution: rows are read one after another, columns from 0.
// Views stay valid until the next call on this statement.
class Statement {
public:
    virtual ~Statement() = default;

    // Starts it anew with these values, one for each "?" in order; they are read during the call only.
    // A statement without rows is done when it returns.
    virtual void run(std::span<const Param> params) = 0;
    // The next row, or false after the last; then the statement is reset.
    virtual bool next() = 0;
    // Ends a partly read result early. Never throws; harmless twice.
    virtual void reset() noexcept = 0;

    virtual bool is_null(int column) const = 0;
    virtual std::int64_t int64(int column) const = 0;     // NULL is 0; a SUM as well
    virtual std::string_view text(int column) const = 0;  // bytes as well; NULL is empty
    virtual Changes changes() const = 0;                  // of the last run, if it has no rows

    base::Ulid ulid(int column) const;  // NULL is the nil ULID
    std::optional<base::Ulid> optional_ulid(int column) const;
    std::optional<std::int64_t> optional_int64(int column) const;
};

class Connection {
public:
    virtual ~Connection() = default;

    virtual Dialect dialect() const noexcept = 0;
    // Prepared once per connection and kept; one execution of each at a time. The reference is good until
    // many others have been prepared (the least recently used are let go): run it at once, keep it not.
    virtual Statement& prepare(const Sql& sql) = 0;
    // Without preparing, for migrations: one statement of plain text, no result.
    virtual void execute_text(std::string_view name, std::string_view text) = 0;

    // Reads from here on see one snapshot, where that is cheaper than many (SQLite: its locks are taken once);
    // a write ends it. The Pool ends it with the loan.
    virtual void begin_reading() {}

    // All reads from here on see the catalog as it is now, until settle() or a write. For long readings: backups.
    virtual void begin_snapshot() = 0;

    virtual void begin() = 0;              // SQLite: IMMEDIATE, writers of one process in turn; MySQL: READ COMMITTED
    virtual void commit() = 0;             // throws CommitLost if the connection broke while it was asked
    virtual void rollback() noexcept = 0;  // harmless without a transaction
    virtual bool broken() const noexcept = 0;  // the Pool throws such a connection away

    // What the Pool asks between two loans.
    virtual void settle() noexcept = 0;   // rolls back what is open, ends results that are partly read
    virtual bool hung_up() noexcept = 0;  // the server closed it meanwhile; no round trip

    // Since when its thread waits for the server's answer, and ending that wait: a statement under way, and all that
    // follow, fail as on a lost connection. Any thread may ask for both.
    virtual std::optional<base::Steady::time_point> waits_since() const noexcept { return std::nullopt; }
    virtual void cut() noexcept {}

    // Ends another session of this server (CommitLost::session) and waits until it can't change anything
    // any more; false if that isn't known within `limit`.
    virtual bool end_session(std::string_view session, std::chrono::milliseconds limit) = 0;

    // The statements' short forms.
    Changes execute(const Sql& sql, std::initializer_list<Param> params = {});
    // Reads rows: auto& rows = c.query(kList, {id}); while (rows.next()) …
    Statement& query(const Sql& sql, std::initializer_list<Param> params = {});

    base::Milliseconds now_ms();  // the database's clock
};

}  // namespace bodega::db
