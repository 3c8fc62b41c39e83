#include "db/sqlite/sqlite.h"

#include "db/sqlite/sqlite_statement.h"
#include "db/statement_cache.h"

namespace bodega::db {
namespace {

constexpr std::size_t kStatements = 256;
constexpr Sql kBegin{"begin", "BEGIN IMMEDIATE"};
constexpr Sql kCommit{"commit", "COMMIT"};
constexpr Sql kFirstRead{"begin_snapshot", "SELECT COUNT(*) FROM sqlite_master"};

class SqliteConnection final : public Connection {
public:
    explicit SqliteConnection(const Source& source)
        : session_(source), begin_(session_, kBegin), commit_(session_, kCommit) {}
    ~SqliteConnection() override { settle(); }

    Dialect dialect() const noexcept override { return Dialect::sqlite; }

    Statement& prepare(const Sql& sql) override {
        if (SqliteStatement* known = statements_.find(sql.text)) return *known;
        return statements_.add(sql.text, std::make_unique<SqliteStatement>(session_, sql));
    }

    void execute_text(std::string_view name, std::string_view text) override {
        SqliteStatement(session_, {name, text}).run({});
    }

    void begin_reading() override { session_.begin_reading(); }

    // Reads once, because SQLite takes the snapshot at the first read.
    void begin_snapshot() override {
        session_.begin_reading();
        query(kFirstRead).next();
        reset_all();
    }

    void begin() override {
        session_.lock_writes(kBegin.name);
        try {
            begin_.run({});
        } catch (...) {
            session_.unlock_writes();
            throw;
        }
    }

    PendingSync commit() override {
        commit_.run({});
        PendingSync sync = session_.committed();
        session_.unlock_writes();
        return sync;
    }

    void rollback() noexcept override {
        if (!session_.holds_write_lock()) return;
        reset_all();
        session_.roll_back();
        session_.unlock_writes();
    }

    bool broken() const noexcept override { return session_.broken(); }

    void settle() noexcept override {
        rollback();
        reset_all();
        session_.end_reading();
    }

    bool hung_up() noexcept override { return false; }
    bool end_session(std::string_view, std::chrono::milliseconds) override { return true; }

private:
    void reset_all() noexcept {
        if (session_.open_results > 0) statements_.for_each([](SqliteStatement& s) { s.reset(); });
    }

    SqliteSession session_;
    SqliteStatement begin_, commit_;
    StatementCache<SqliteStatement> statements_{kStatements};
};

}  // namespace

std::unique_ptr<Connection> connect_sqlite(const Source& source) { return std::make_unique<SqliteConnection>(source); }

}  // namespace bodega::db
