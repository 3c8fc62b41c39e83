#include "db/sqlite/sqlite_statement.h"

#include <algorithm>
#include <optional>

namespace bodega::db {
namespace {

// The bytes of a bound value, or null for a value without bytes.
std::string_view bytes_of(const Param& param) noexcept {
    if (const auto* text = std::get_if<std::string_view>(&param.value())) return *text;
    if (const auto* blob = std::get_if<Blob>(&param.value())) {
        return {reinterpret_cast<const char*>(blob->bytes.data()), blob->bytes.size()};
    }
    return {};
}

}  // namespace

SqliteStatement::SqliteStatement(SqliteSession& session, const Sql& sql) : session_(session), name_(sql.name) {
    const Expanded expanded = expand(sql, Dialect::sqlite);
    const int code = sqlite3_prepare_v3(session.handle(), expanded.text.data(), static_cast<int>(expanded.text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (code != SQLITE_OK) session.fail(name_, code);
    has_rows_ = sqlite3_column_count(handle_) > 0;
    writes_ = sqlite3_stmt_readonly(handle_) == 0;
    upsert_ = expanded.upsert;
}

SqliteStatement::~SqliteStatement() {
    reset();
    sqlite3_finalize(handle_);
}

void SqliteStatement::run(std::span<const Param> params) {
    reset();
    bind(params);
    changes_ = {};
    if (has_rows_) {
        active_ = true;
        ++session_.open_results;
        return;
    }
    if (writes_ && !session_.holds_write_lock()) run_alone();
    else run_to_end();
}

void SqliteStatement::run_alone() {
    PendingSync sync;
    {
        const FifoLock lock(session_, name_);
        run_to_end();
        if (changes_.outcome == Outcome::done) sync = session_.committed();
    }
    sync.wait();
}

void SqliteStatement::run_to_end() {
    const int code = session_.step(handle_);
    const auto rows = sqlite3_changes64(session_.handle());
    sqlite3_reset(handle_);
    changes_ = outcome_of(code);
    if (changes_.outcome == Outcome::done) changes_.rows = upsert_ ? std::min<std::int64_t>(rows, 1) : rows;
}

Changes SqliteStatement::outcome_of(int code) {
    if (code == SQLITE_DONE) return {};
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) return {Outcome::duplicate, 0};
    session_.fail(name_, code);
}

bool SqliteStatement::next() {
    if (!active_) return false;
    const int code = session_.step(handle_);
    if (code == SQLITE_ROW) return true;
    reset();
    if (code != SQLITE_DONE) session_.fail(name_, code);
    return false;
}

void SqliteStatement::reset() noexcept {
    if (!active_) return;
    active_ = false;
    --session_.open_results;
    sqlite3_reset(handle_);
}

bool SqliteStatement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::int64_t SqliteStatement::int64(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view SqliteStatement::text(int column) const {
    const void* bytes = sqlite3_column_blob(handle_, column);
    const int size = sqlite3_column_bytes(handle_, column);
    return bytes == nullptr ? std::string_view{}
                            : std::string_view{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void SqliteStatement::bind(std::span<const Param> params) {
    if (static_cast<int>(params.size()) != sqlite3_bind_parameter_count(handle_)) {
        throw Failure(Failure::Kind::other, base::Code::internal, name_ + ": the number of values is wrong");
    }
    bound_.clear();
    for (const Param& param : params) bound_ += bytes_of(param);
    const char* from = bound_.data();
    for (std::size_t i = 0; i < params.size(); ++i) {
        const int index = static_cast<int>(i) + 1;
        const Param::Value& value = params[i].value();
        if (std::holds_alternative<Null>(value)) {
            sqlite3_bind_null(handle_, index);
        } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
            sqlite3_bind_int64(handle_, index, *number);
        } else {
            const std::size_t size = bytes_of(params[i]).size();
            bind_bytes(index, from, size, std::holds_alternative<std::string_view>(value));
            from += size;
        }
    }
}

void SqliteStatement::bind_bytes(int index, const void* bytes, std::size_t size, bool is_text) {
    const int code =
        is_text ? sqlite3_bind_text64(handle_, index, static_cast<const char*>(bytes), size, SQLITE_STATIC, SQLITE_UTF8)
                : sqlite3_bind_blob64(handle_, index, bytes, size, SQLITE_STATIC);
    if (code != SQLITE_OK) session_.fail(name_, code);
}

}  // namespace bodega::db
