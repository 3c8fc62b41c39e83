// A prepared statement on MySQL or MariaDB. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/dialect.h"
#include "db/mysql/mysql_row.h"
#include "db/mysql/mysql_session.h"

namespace bodega::db {

// run() reads the whole result, so the connection is free for other statements between two rows.
class MysqlStatement final : public Statement {
public:
    // Throws TooManyStatements for MysqlError::too_many, and Failure for other errors.
    MysqlStatement(MysqlSession& session, const Sql& sql);
    MysqlStatement(const MysqlStatement&) = delete;
    MysqlStatement& operator=(const MysqlStatement&) = delete;

    void run(std::span<const Param> params) override;
    bool next() override;
    void reset() noexcept override;

    bool is_null(int column) const override { return row_.is_null(column); }
    std::int64_t int64(int column) const override { return row_.int64(column); }
    std::string_view text(int column) const override { return row_.text(column); }
    Changes changes() const override { return changes_; }

    bool active() const noexcept { return active_; }

private:
    struct Close {
        void operator()(MYSQL_STMT* handle) const noexcept { mysql_stmt_close(handle); }
    };

    void prepare();
    void bind(std::span<const Param> params);
    bool execute();
    void finish();
    [[noreturn]] void fail();

    MysqlSession& session_;
    const std::string name_;
    const Expanded sql_;
    std::unique_ptr<MYSQL_STMT, Close> handle_;
    MysqlRow row_;
    std::vector<MYSQL_BIND> binds_;
    bool has_rows_ = false;
    bool active_ = false;
    Changes changes_;
};

// The server has reached its limit of prepared statements (max_prepared_stmt_count).
class TooManyStatements : public Failure {
public:
    using Failure::Failure;
};

}  // namespace bodega::db
