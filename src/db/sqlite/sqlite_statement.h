// A prepared statement on SQLite. One thread at a time; must be destroyed before its session.
#pragma once

#include <sqlite3.h>

#include <string>
#include <vector>

#include "db/dialect.h"
#include "db/sqlite/sqlite_session.h"

namespace bodega::db {

class SqliteStatement final : public Statement {
public:
    SqliteStatement(SqliteSession& session, const Sql& sql);
    ~SqliteStatement() override;
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    void run(std::span<const Param> params) override;
    bool next() override;
    void reset() noexcept override;

    bool is_null(int column) const override;
    std::int64_t int64(int column) const override;
    std::string_view text(int column) const override;
    Changes changes() const override { return changes_; }

    // True while the statement's rows are being read. The connection then holds a snapshot of the database.
    bool active() const noexcept { return active_; }

private:
    void bind(std::span<const Param> params);
    void bind_bytes(int index, const void* bytes, std::size_t size, bool is_text);
    void run_alone();  // as a transaction of its own
    void run_to_end();
    Changes outcome_of(int code);

    SqliteSession& session_;
    const std::string name_;
    sqlite3_stmt* handle_ = nullptr;
    bool has_rows_ = false;
    bool writes_ = false;
    bool upsert_ = false;
    bool active_ = false;
    Changes changes_;
    std::string bound_;  // the bytes of the bound values, which SQLite reads until the last row
};

}  // namespace bodega::db
