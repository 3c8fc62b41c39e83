// An open SQLite handle with the state that its statements share: the write mutex, the time limit, the errors. One
// thread at a time.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "db/failure.h"
#include "db/pending_sync.h"
#include "db/source.h"
#include "db/sqlite/sqlite_file.h"

namespace bodega::db {

class SqliteSession {
public:
    // Opens and sets up the file. Throws like connect().
    explicit SqliteSession(const Source& source);
    ~SqliteSession();
    SqliteSession(const SqliteSession&) = delete;
    SqliteSession& operator=(const SqliteSession&) = delete;

    sqlite3* handle() const noexcept { return handle_.get(); }
    bool broken() const noexcept { return broken_; }

    // Locks the file's write mutex, for a transaction or for a single statement; ends reading. Throws Failure{again} if
    // the mutex is not free within the time limit.
    void lock_writes(std::string_view name);
    void unlock_writes() noexcept;
    bool holds_write_lock() const noexcept { return holds_write_lock_; }

    // The sync that the last commit needs. Requires: the session has committed and still holds the write mutex.
    PendingSync committed();

    // Implements Connection::begin_reading(): the following reads share one snapshot, until a write or end_reading().
    void begin_reading();
    void end_reading() noexcept;

    // Rolls back an open transaction, unless SQLite already did so after an error.
    void roll_back() noexcept;

    // Number of partly read results.
    int open_results = 0;

    // Each call of sqlite3_step has the full time limit.
    int step(sqlite3_stmt* statement) noexcept;

    // Runs SQL without result; throws what fail() throws.
    void execute(std::string_view name, const char* text);

    // Throws the Failure for an extended result code; the message has `name` and never a value.
    [[noreturn]] void fail(std::string_view name, int code);

private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    };

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };

    static int on_progress(void* self) noexcept;
    void open(const Source& source);
    void use_log();
    bool has_log();
    bool is_foreign();
    sqlite3_stmt* prepare(std::string_view text);

    std::unique_ptr<sqlite3, Close> handle_;
    std::unique_ptr<sqlite3_stmt, Finalize> begin_reading_, end_reading_;
    std::shared_ptr<SqliteFile> file_;  // shared with the other connections to the file
    std::string path_;
    std::chrono::milliseconds limit_;
    base::Steady::time_point step_began_{};
    bool step_timed_ = false;
    bool holds_write_lock_ = false;
    bool reading_ = false;
    bool broken_ = false;
};

// Holds the write mutex for a scope.
class FifoLock {
public:
    FifoLock(SqliteSession& session, std::string_view name) : session_(session) { session.lock_writes(name); }
    ~FifoLock() { session_.unlock_writes(); }
    FifoLock(const FifoLock&) = delete;
    FifoLock& operator=(const FifoLock&) = delete;

private:
    SqliteSession& session_;
};

}  // namespace bodega::db
