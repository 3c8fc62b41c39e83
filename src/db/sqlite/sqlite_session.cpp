#include "db/sqlite/sqlite_session.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/act_as_owner.h"
#include "base/denied.h"
#include "base/fd.h"
#include "db/sqlite/local_disk.h"

namespace bodega::db {
namespace {

using base::Code;
using Kind = Failure::Kind;

constexpr std::string_view kOpen = "open the catalog";

// SQLite's virtual machine calls on_progress after this many instructions: some tenths of a millisecond.
constexpr int kProgressEvery = 20000;

// Runs after the busy timeout is set, because each of these statements may meet another process's lock.
//
// synchronous: NORMAL does not sync the log at a commit; GroupSync does.
// cache_size: small, because pages are read through the memory map, which all connections share.
// mmap_size: the largest that SQLite allows (2 GiB); it costs only address space. Each page outside of the map costs a
// system call, which would make reading a large folder three times slower.
// case_sensitive_like: only a case-sensitive LIKE with a prefix can use an index.
constexpr const char* kSetUp =
    "PRAGMA synchronous = NORMAL;"
    "PRAGMA cache_size = -1024;"
    "PRAGMA mmap_size = 2147418112;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA case_sensitive_like = ON;";

// Turns off SQLite's memory statistics, which take a lock at each allocation. Call it before the first use of SQLite;
// only the first call has an effect.
void configure_library() {
    static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(once);
}

bool is_folder(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) return false;
    errno = EISDIR;
    return true;
}

// Creates the file with mode 0600, because it holds password hashes. SQLite gives its log the same mode. Never opens an
// existing file: closing any descriptor of a file drops all locks that the process has on it, even those of SQLite's
// other connections (POSIX, fcntl).
void make_private_file(const std::string& path) {
    // Locked from open to close: if another thread's connection took a lock meanwhile, the close would drop it.
    static base::Mutex one_at_a_time;
    const base::MutexLock lock(one_at_a_time);
    const std::size_t slash = path.rfind('/');
    const base::ActAsOwner owner(slash == path.npos ? "."
                                                    // SQLite gives its log the same owner
                                                    : path.substr(0, slash + 1));
    const base::Fd made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (made || (errno == EEXIST && ::access(path.c_str(), R_OK | W_OK) == 0 && !is_folder(path))) return;
    throw base::Error(Code::config_invalid, "the SQLite catalog's file " + path + " can't be opened for writing: " +
                                                base::denied_text(errno) + "; database.url and node.data_dir name it");
}

struct Mapping {
    int code;  // SQLite's primary result code
    Kind kind;
    Code error;
    bool breaks;  // the connection has to be replaced
};

constexpr Mapping kMappings[] = {
    {SQLITE_BUSY, Kind::again, Code::unavailable, false},
    {SQLITE_LOCKED, Kind::again, Code::unavailable, false},
    {SQLITE_INTERRUPT, Kind::other, Code::unavailable, false},
    {SQLITE_NOMEM, Kind::other, Code::unavailable, false},
    {SQLITE_FULL, Kind::other, Code::no_space, false},
    {SQLITE_IOERR, Kind::other, Code::io, true},
    {SQLITE_CANTOPEN, Kind::other, Code::io, true},
    {SQLITE_CORRUPT, Kind::other, Code::io, true},
    {SQLITE_NOTADB, Kind::other, Code::io, true},
    {SQLITE_READONLY, Kind::other, Code::io, true},
};

Mapping mapping_of(int code) {
    for (const Mapping& mapping : kMappings) {
        if (mapping.code == (code & 0xFF)) return mapping;
    }
    return {code, Kind::other, Code::internal, false};
}

}  // namespace

SqliteSession::SqliteSession(const Source& source) : path_(source.path), limit_(source.query_timeout) {
    configure_library();
    const auto folder = std::filesystem::path(source.path).parent_path();
    require_local_disk(folder.empty() ? "." : folder.string());
    make_private_file(source.path);
    require_local_disk(source.path);  // the path may be a link to another disk
    open(source);
}

SqliteSession::~SqliteSession() {
    end_reading_.reset();
    begin_reading_.reset();
    handle_.reset();
    unlock_writes();
}

void SqliteSession::open(const Source& source) {
    // The contract allows one thread at a time, so SQLite's own mutex is not needed.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(source.path.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) fail(kOpen, code);
    file_ = SqliteFile::of(source.path, sqlite3_filename_wal(sqlite3_db_filename(handle, "main")));
    sqlite3_busy_timeout(handle, static_cast<int>(std::max<std::int64_t>(limit_.count(), 1)));
    sqlite3_progress_handler(handle, kProgressEvery, &SqliteSession::on_progress, this);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    use_log();
    execute(kOpen, kSetUp);
    begin_reading_.reset(prepare("BEGIN"));
    end_reading_.reset(prepare("COMMIT"));
}

// Switches a new file to write-ahead logging. SQLite needs exclusive access for that and does not always wait for it,
// so a busy file is tried again. A file with tables of another program is not changed. A file that has a log already
// needs no change, so that opening it does not wait for the connection that writes.
void SqliteSession::use_log() {
    if (has_log() || is_foreign()) return;
    const FifoLock turn(*this, kOpen);
    const auto until = base::Steady::now() + limit_;
    for (;;) {
        const int code = sqlite3_exec(handle(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
        if (code == SQLITE_OK) return;
        if ((code & 0xFF) != SQLITE_BUSY || base::Steady::now() > until) fail(kOpen, code);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

bool SqliteSession::has_log() {
    const auto keep = [](void* log, int, char** values, char**) {
        *static_cast<bool*>(log) = std::string_view(values[0]) == "wal";
        return 0;
    };
    bool log = false;
    // If the query fails, returns false: the next statement will report the error.
    return sqlite3_exec(handle(), "PRAGMA journal_mode", keep, &log, nullptr) == SQLITE_OK && log;
}

bool SqliteSession::is_foreign() {
    constexpr const char* kCount =
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' "
        "AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations')";
    const auto keep = [](void* foreign, int, char** values, char**) {
        *static_cast<bool*>(foreign) = std::string_view(values[0]) != "0";
        return 0;
    };
    bool foreign = false;
    // If the query fails, returns false: the next statement will report the error.
    return sqlite3_exec(handle(), kCount, keep, &foreign, nullptr) == SQLITE_OK && foreign;
}

int SqliteSession::on_progress(void* self) noexcept {
    auto& session = *static_cast<SqliteSession*>(self);
    const auto now = base::Steady::now();
    if (!session.step_timed_) {
        session.step_timed_ = true;
        session.step_began_ = now;
    }
    return session.limit_.count() > 0 && now - session.step_began_ > session.limit_;
}

int SqliteSession::step(sqlite3_stmt* statement) noexcept {
    step_timed_ = false;
    return sqlite3_step(statement);
}

sqlite3_stmt* SqliteSession::prepare(std::string_view text) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle(), text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) fail(kOpen, code);
    return statement;
}

// Begins a deferred transaction: the first read takes the locks, and the end of the transaction releases them.
void SqliteSession::begin_reading() {
    if (reading_ || holds_write_lock_) return;
    reading_ = step(begin_reading_.get()) == SQLITE_DONE;
    sqlite3_reset(begin_reading_.get());
}

void SqliteSession::end_reading() noexcept {
    if (!std::exchange(reading_, false)) return;
    if (step(end_reading_.get()) != SQLITE_DONE) broken_ = true;
    sqlite3_reset(end_reading_.get());
}

void SqliteSession::lock_writes(std::string_view name) {
    end_reading();
    if (!file_->writes.enter(limit_)) fail(name, SQLITE_BUSY);
    holds_write_lock_ = true;
}

void SqliteSession::unlock_writes() noexcept {
    if (!holds_write_lock_) return;
    holds_write_lock_ = false;
    file_->writes.leave();
}

PendingSync SqliteSession::committed() { return {file_->sync, file_->sync->committed()}; }

void SqliteSession::roll_back() noexcept {
    step_timed_ = false;
    if (sqlite3_get_autocommit(handle()) != 0) return;
    if (sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK) broken_ = true;
}

void SqliteSession::execute(std::string_view name, const char* text) {
    step_timed_ = false;
    if (const int code = sqlite3_exec(handle(), text, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(name, code);
}

void SqliteSession::fail(std::string_view name, int code) {
    const Mapping mapping = mapping_of(code);
    broken_ = broken_ || mapping.breaks;
    std::string message = std::string(name) + ": SQLite says: " + sqlite3_errstr(code) + " (" + std::to_string(code);
    // Only SQLITE_ERROR's message is shown: it names schema objects and no bound values.
    if (code == SQLITE_ERROR && handle_) message += std::string(", ") + sqlite3_errmsg(handle());
    message += ")";
    if (mapping.breaks) message += " in " + path_;
    throw Failure(mapping.kind, mapping.error, message, mapping.error == Code::unavailable ? 1 : 0);
}

}  // namespace bodega::db
