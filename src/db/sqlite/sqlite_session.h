// An open SQLite handle with what its statements share: the writers' turn, the time limit, the errors.
// One thread at a time.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "db/failure.h"
#include "db/source.h"
#include "db/sqlite/fifo_mutex.h"

namespace bodega::db {

class SqliteSession {
public:
    // Opens and sets up the file. Throws as connect() does.
    explicit SqliteSession(const Source& source);
    ~SqliteSession();
    SqliteSession(const SqliteSession&) = delete;
    SqliteSession& operator=(const SqliteSession&) = delete;

    sqlite3* handle() const noexcept { return handle_.get(); }
    bool broken() const noexcept { return broken_; }

    // The turn to write, for a transaction or for one statement outside of one; ends reading. Throws
    // Failure{again} if it does not come within the time limit.
    void enter_gate(std::string_view name);
    void leave_gate() noexcept;
    bool holds_gate() const noexcept { return holds_gate_; }

    // One snapshot for the reads that follow, until a write or the end.
    void begin_reading();
    void end_reading() noexcept;

    // Rolls back what is open, if SQLite has not done so itself after an error.
    void roll_back() noexcept;

    // Results that are partly read.
    int open_results = 0;

    // Each call of sqlite3_step has the time limit anew.
    int step(sqlite3_stmt* statement) noexcept;

    // Runs SQL without result, and throws what fail() does.
    void execute(std::string_view name, const char* text);

    // Throws the Failure for an extended result code; it names `name` and never a value.
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
    bool is_foreign();
    sqlite3_stmt* prepare(std::string_view text);

    std::unique_ptr<sqlite3, Close> handle_;
    std::unique_ptr<sqlite3_stmt, Finalize> begin_reading_, end_reading_;
    std::shared_ptr<WriteGate> gate_;  // owned with the other connections to the file
    std::string path_;
    std::chrono::milliseconds limit_;
    base::Steady::time_point step_began_{};
    bool step_timed_ = false;
    bool holds_gate_ = false;
    bool reading_ = false;
    bool broken_ = false;
};

// The turn to write for a scope.
class GateTurn {
public:
    GateTurn(SqliteSession& session, std::string_view name) : session_(session) { session.enter_gate(name); }
    ~GateTurn() { session_.leave_gate(); }
    GateTurn(const GateTurn&) = delete;
    GateTurn& operator=(const GateTurn&) = delete;

private:
    SqliteSession& session_;
};

}  // namespace bodega::db
