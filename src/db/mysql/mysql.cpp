#include "db/mysql/mysql.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "db/mysql/mysql_statement.h"
#include "db/statement_cache.h"

namespace bodega::db {
namespace {

// Maximum prepared statements of one connection. A server allows about 16,000 (max_prepared_stmt_count) for all
// connections of the fleet together.
constexpr std::size_t kStatements = 128;
// Number of statements to drop at once when the server has no room for another.
constexpr int kDropBatch = 16;
constexpr Sql kProcesses{"session.list", "SHOW PROCESSLIST"};

class MysqlConnection final : public Connection {
public:
    explicit MysqlConnection(const Source& source) : session_(source) {}
    // Closes only the connection. The server then drops its prepared statements.
    ~MysqlConnection() override { session_.close(); }

    Dialect dialect() const noexcept override { return Dialect::mysql; }

    Statement& prepare(const Sql& sql) override {
        if (MysqlStatement* known = statements_.find(sql.text)) return *known;
        try {
            return statements_.add(sql.text, std::make_unique<MysqlStatement>(session_, sql));
        } catch (const TooManyStatements&) {
            for (int i = 0; i < kDropBatch && statements_.drop_oldest(); ++i) {
            }
            return statements_.add(sql.text, std::make_unique<MysqlStatement>(session_, sql));
        }
    }

    void execute_text(std::string_view name, std::string_view text) override { session_.execute(name, text); }

    void begin_snapshot() override {
        session_.execute("begin_snapshot", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        session_.execute("begin_snapshot", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        in_transaction_ = true;
    }

    void begin() override {
        session_.execute("begin", "START TRANSACTION");
        in_transaction_ = true;
    }

    PendingSync commit() override {
        session_.commit();
        in_transaction_ = false;
        return {};
    }

    void rollback() noexcept override {
        if (!std::exchange(in_transaction_, false) || session_.broken()) return;
        reset_all();
        const MysqlSession::Wait wait(session_);
        if (mysql_rollback(session_.handle()) != 0) session_.mark_broken();
    }

    bool broken() const noexcept override { return session_.broken(); }

    void settle() noexcept override {
        rollback();
        reset_all();
    }

    bool hung_up() noexcept override { return session_.hung_up(); }

    std::optional<base::Steady::time_point> waits_since() const noexcept override { return session_.waits_since(); }
    void cut() noexcept override { session_.cut(); }

    bool end_session(std::string_view session, std::chrono::milliseconds limit) override {
        const auto until = base::Steady::now() + limit;
        for (std::chrono::milliseconds pause{5}; session_exists(session); pause = std::min(pause * 2, kPauseMost)) {
            if (base::Steady::now() + pause > until) return false;
            kill(session);
            std::this_thread::sleep_for(pause);
        }
        return true;
    }

private:
    static constexpr std::chrono::milliseconds kPauseMost{100};

    // Looks for the session in the server's list of sessions, where every account sees its own. Returns true also if
    // the list does not include this connection's own session: the list is then incomplete, and does not prove that the
    // session has ended.
    bool session_exists(std::string_view session) {
        Statement& row = query(kProcesses);
        bool found = false, found_self = false;
        while (row.next()) {
            found = found || row.text(0) == session;
            found_self = found_self || row.text(0) == session_.id();
        }
        return found || !found_self;
    }

    void kill(std::string_view session) {
        try {
            session_.execute("session.kill", "KILL " + std::string(session));
        } catch (const Failure& failure) {
            // Other errors are ignored: the session may just have ended, and the caller looks it up again.
            if (failure.kind() == Failure::Kind::lost) throw;
        }
    }

    void reset_all() noexcept {
        statements_.for_each([](MysqlStatement& statement) { statement.reset(); });
    }

    MysqlSession session_;
    StatementCache<MysqlStatement> statements_{kStatements};
    bool in_transaction_ = false;
};

}  // namespace

std::unique_ptr<Connection> connect_mysql(const Source& source) { return std::make_unique<MysqlConnection>(source); }

}  // namespace bodega::db
