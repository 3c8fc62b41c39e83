#include "db/mysql/mysql_statement.h"

#include <errmsg.h>

#include <algorithm>

namespace bodega::db {
namespace {

using base::Code;
using Kind = Failure::Kind;

// Connector/C wants a pointer to non-const, but only reads from it.
void* readable(const void* bytes) noexcept { return const_cast<void*>(bytes); }

void bind_bytes(MYSQL_BIND& bind, enum_field_types type, const void* bytes, std::size_t size) {
    bind.buffer_type = type;
    // A null pointer would mean NULL, so an empty value points to "".
    bind.buffer = readable(bytes == nullptr ? "" : bytes);
    bind.buffer_length = static_cast<unsigned long>(size);
    bind.length = &bind.buffer_length;
}

void bind_one(MYSQL_BIND& bind, const Param::Value& value) {
    bind = {};
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.buffer = readable(number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        bind_bytes(bind, MYSQL_TYPE_STRING, text->data(), text->size());
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
        bind_bytes(bind, MYSQL_TYPE_BLOB, blob->bytes.data(), blob->bytes.size());
    } else {
        bind.buffer_type = MYSQL_TYPE_NULL;
    }
}

}  // namespace

MysqlStatement::MysqlStatement(MysqlSession& session, const Sql& sql)
    : session_(session), name_(sql.name), sql_(expand(sql, Dialect::mysql)) {
    prepare();
}

void MysqlStatement::prepare() {
    handle_.reset(mysql_stmt_init(session_.handle()));
    if (!handle_) session_.fail(name_, CR_OUT_OF_MEMORY, "HY000", "");
    const auto size = static_cast<unsigned long>(sql_.text.size());
    const MysqlSession::Wait wait(session_);
    if (mysql_stmt_prepare(handle_.get(), sql_.text.data(), size) != 0) {
        const unsigned number = mysql_stmt_errno(handle_.get());
        if (classify(number) == MysqlError::too_many) {
            throw TooManyStatements(Kind::other, Code::unavailable, name_ + ": the database is at its limit", 2);
        }
        if (classify(number) != MysqlError::other) fail();
        // The server's message shows no values, because nothing is bound yet. It tells what is wrong with the SQL.
        throw Failure(Kind::other, Code::internal, name_ + ": " + mysql_stmt_error(handle_.get()));
    }
    binds_.resize(mysql_stmt_param_count(handle_.get()));
}

void MysqlStatement::run(std::span<const Param> params) {
    reset();
    changes_ = {};
    bind(params);
    if (execute()) return finish();
    if (classify(mysql_stmt_errno(handle_.get())) != MysqlError::reprepare || session_.broken()) fail();
    // The server has dropped the prepared statement and did not run it, so prepare and run it again.
    prepare();
    bind(params);
    if (!execute()) fail();
    finish();
}

void MysqlStatement::bind(std::span<const Param> params) {
    if (params.size() != binds_.size()) {
        throw Failure(Kind::other, Code::internal, name_ + ": the number of values is wrong");
    }
    for (std::size_t i = 0; i < params.size(); ++i) bind_one(binds_[i], params[i].value());
    if (!binds_.empty() && mysql_stmt_bind_param(handle_.get(), binds_.data()) != 0) fail();
}

// Returns false if a unique key is taken. Throws for any other error.
bool MysqlStatement::execute() {
    const MysqlSession::Wait wait(session_);
    if (mysql_stmt_execute(handle_.get()) == 0) {
        // Set here and not in prepare(), because for SHOW the server tells only at execution whether there are rows.
        has_rows_ = mysql_stmt_field_count(handle_.get()) > 0;
        if (!has_rows_) return true;
        row_.attach(handle_.get());
        return mysql_stmt_store_result(handle_.get()) == 0;
    }
    if (classify(mysql_stmt_errno(handle_.get())) != MysqlError::duplicate) return false;
    changes_.outcome = Outcome::duplicate;
    return true;
}

void MysqlStatement::finish() {
    if (changes_.outcome == Outcome::duplicate) return;
    active_ = has_rows_;
    if (has_rows_) return;
    changes_.rows = static_cast<std::int64_t>(mysql_stmt_affected_rows(handle_.get()));
    // MySQL counts an upsert that changed a row as two rows.
    if (sql_.upsert) changes_.rows = std::min<std::int64_t>(changes_.rows, 1);
}

bool MysqlStatement::next() {
    if (!active_) return false;
    const int result = mysql_stmt_fetch(handle_.get());
    if (result == 0) return true;
    if (result != MYSQL_NO_DATA) {
        active_ = false;
        fail();
    }
    reset();
    return false;
}

void MysqlStatement::reset() noexcept {
    if (!active_) return;
    active_ = false;
    if (mysql_stmt_free_result(handle_.get()) != 0) session_.mark_broken();
}

void MysqlStatement::fail() {
    MYSQL_STMT* statement = handle_.get();
    session_.fail(name_, mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement));
}

}  // namespace bodega::db
