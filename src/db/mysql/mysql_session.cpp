#include "db/mysql/mysql_session.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.h"

namespace bodega::db {
namespace {

using base::Code;
using Kind = Failure::Kind;

// The accepted authentication methods. The password is sent in clear text only to a server whose certificate was
// verified.
constexpr const char* kSignIn = "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519";
constexpr const char* kSignInTls =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,mysql_clear_password";

constexpr unsigned kNoRightToDatabase = 1044, kUnknownDatabase = 1049;

// Time (TCP_USER_TIMEOUT) after which unacknowledged data proves that the server is gone.
constexpr int kSilentMs = 1500;

unsigned seconds(std::chrono::milliseconds time, unsigned least) {
    return std::max(static_cast<unsigned>(time.count() / 1000), least);
}

bool is_socket(const Source& source) { return source.host.starts_with('/'); }

void start_library() {
    static const int once = mysql_library_init(0, nullptr, nullptr);
    static_cast<void>(once);
}

// During an outage many callers fail, so this allows only one log line per second.
bool may_log() {
    static std::atomic<base::Milliseconds> last = 0;
    const base::Milliseconds now = base::now_ms();
    base::Milliseconds before = last;
    return now - before >= 1000 && last.compare_exchange_strong(before, now);
}

// In these modes, MySQL reads the SQL text as SQLite does. The strict mode makes the server fail instead of truncating
// a value.
constexpr std::string_view kModes =
    "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,"
    "PIPES_AS_CONCAT,ANSI_QUOTES,NO_BACKSLASH_ESCAPES";

// Variables that each session sets. The server's own defaults may differ, and statements could then fail, truncate data
// or commit differently.
constexpr std::string_view kVariables =
    "autocommit=1,completion_type=NO_CHAIN,sql_safe_updates=0,sql_auto_is_null=0,sql_big_selects=1,"
    "sql_select_limit=18446744073709551615";

// Returns the SET statement for a new session. The name of the isolation level's variable depends on the server. The
// server's time limit for a statement must end before the client's limit, which would break the connection.
std::string set_up_text(MYSQL* handle, const Source& source) {
    const std::chrono::milliseconds limit = source.query_timeout;
    const bool mariadb = mariadb_connection(handle) != 0;
    const bool old_name =
        mariadb ? mysql_get_server_version(handle) < 110101 : mysql_get_server_version(handle) < 50720;
    const std::string lock_wait = std::to_string(std::clamp(seconds(limit, 1) / 30, 1U, 50U));
    std::string text = "SET SESSION sql_mode='" + std::string(kModes) + "',time_zone='+00:00',";
    text += old_name ? "tx_isolation" : "transaction_isolation";
    text += "='READ-COMMITTED'," + std::string(kVariables);
    text += ",innodb_lock_wait_timeout=" + lock_wait + ",lock_wait_timeout=" + lock_wait;
    text += mariadb ? ",max_statement_time=" + std::to_string(seconds(limit, 1))
                    : ",max_execution_time=" + std::to_string(limit.count());
    if (source.idle_timeout.count() > 0) text += ",wait_timeout=" + std::to_string(source.idle_timeout.count());
    if (mariadb && source.idle_transaction_timeout.count() > 0) {
        text += ",idle_transaction_timeout=" + std::to_string(source.idle_transaction_timeout.count());
    }
    return text;
}

// True for ER_ACCESS_DENIED_ERROR, the same error of the authentication plugins, and the two errors of an expired
// password.
bool is_about_password(unsigned number) { return number == 1045 || number == 1698 || number == 1820 || number == 1862; }

std::optional<std::string> another_password(const Password& renewed, std::string_view refused) {
    try {
        return renewed.instead_of(refused);
    } catch (const base::Error& error) {
        if (may_log()) base::log::warn("db", "can't read the database's password again", {{"why", error.what()}});
        return std::nullopt;
    }
}

}  // namespace

MysqlSession::MysqlSession(const Source& source) {
    start_library();
    sign_in(source);
    id_ = std::to_string(mysql_thread_id(handle()));
    duplicate_socket(is_socket(source));
    set_up(source);
}

// If the server refuses the password, tries one other: the last one that worked, or else the current one from its file.
void MysqlSession::sign_in(const Source& source) {
    const std::string password = source.renewed ? source.renewed->text() : source.password;
    if (try_password(source, password)) return;
    if (!source.renewed || !is_about_password(mysql_errno(handle()))) refuse(source);
    std::optional<std::string> other = another_password(*source.renewed, password);
    if (!other || !try_password(source, *other)) refuse(source);
    source.renewed->accept(std::move(*other));
}

bool MysqlSession::try_password(const Source& source, const std::string& password) {
    handle_.reset(mysql_init(nullptr));
    if (!handle_) throw Failure(Kind::other, Code::unavailable, "connect to the database: out of memory", 1);
    set_options(source);
    const bool socket = is_socket(source);
    const base::Blocking waits;
    // CLIENT_FOUND_ROWS: counts each row that the WHERE matched, changed or not, as SQLite does.
    return mysql_real_connect(handle(), socket ? nullptr : source.host.c_str(), source.user.c_str(), password.c_str(),
                              source.name.c_str(), static_cast<unsigned>(source.port),
                              socket ? source.host.c_str() : nullptr, CLIENT_FOUND_ROWS) != nullptr;
}

void MysqlSession::duplicate_socket(bool socket) {
    socket_.reset(::fcntl(static_cast<int>(mysql_get_socket(handle())), F_DUPFD_CLOEXEC, 0));
    if (!socket_)
        throw Failure(Kind::other, Code::unavailable, "connect to the database: no file descriptor is free", 1);
    if (socket) return;
    const int silent = kSilentMs, idle_seconds = 10, every_second = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &silent, sizeof silent);
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_KEEPINTVL, &every_second, sizeof every_second);
}

MysqlSession::Wait::Wait(MysqlSession& session) noexcept : session_(session) {
    session_.sent_at_ = base::Steady::now().time_since_epoch().count();
}

std::optional<base::Steady::time_point> MysqlSession::waits_since() const noexcept {
    const base::Steady::rep asked = sent_at_;
    if (asked == 0) return std::nullopt;
    return base::Steady::time_point(base::Steady::duration(asked));
}

void MysqlSession::cut() noexcept { ::shutdown(socket_.get(), SHUT_RDWR); }

void MysqlSession::set_options(const Source& source) {
    const unsigned connect_limit = seconds(source.connect_timeout, 1);
    const unsigned limit =
        source.read_timeout.count() > 0 ? seconds(source.read_timeout, 1) : seconds(source.query_timeout, 1) + 2;
    const unsigned off = 0;
    // Without this option, "localhost" would mean a unix socket at a path that was compiled in.
    const unsigned protocol = is_socket(source) ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    mysql_options(handle(), MYSQL_OPT_PROTOCOL, &protocol);
    mysql_options(handle(), MYSQL_OPT_CONNECT_TIMEOUT, &connect_limit);
    mysql_options(handle(), MYSQL_OPT_READ_TIMEOUT, &limit);
    mysql_options(handle(), MYSQL_OPT_WRITE_TIMEOUT, &limit);
    mysql_options(handle(), MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(handle(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_optionsv(handle(), MARIADB_OPT_RESTRICTED_AUTH, source.ssl_ca.empty() ? kSignIn : kSignInTls);
    if (source.ssl_ca.empty()) return;
    if (::access(source.ssl_ca.c_str(), R_OK) != 0) {
        throw Failure(Kind::other, Code::config_invalid,
                      "the file of the database's certificate authority can't be read; see database.ssl_ca");
    }
    const my_bool on = 1;
    mysql_ssl_set(handle(), nullptr, nullptr, source.ssl_ca.c_str(), nullptr, nullptr);
    mysql_options(handle(), MYSQL_OPT_SSL_ENFORCE, &on);
    mysql_options(handle(), MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
}

void MysqlSession::set_up(const Source& source) { execute("connect to the database", set_up_text(handle(), source)); }

// The host and the server's message go only to the log; a client may see the thrown error.
void MysqlSession::refuse(const Source& source) {
    const unsigned number = mysql_errno(handle());
    const std::string code = " (error " + std::to_string(number) + ")";
    const MysqlError meaning = classify(number);
    if (may_log()) {
        base::log::warn("db", "can't connect to the database",
                        {{"host", source.host}, {"error", number}, {"why", mysql_error(handle())}});
    }
    if (meaning == MysqlError::sign_in) {
        const bool of_database = number == kUnknownDatabase || number == kNoRightToDatabase;
        throw Failure(
            Kind::other, Code::config_invalid,
            "the database refuses bodega's sign-in" + code + ": " + mysql_error(handle()) +
                (of_database ? "; create that database, grant this account all rights on it, or set another one in "
                               "DB_NAME (database.url)"
                             : "; see database.url, database.password and database.ssl_ca"));
    }
    if (meaning == MysqlError::full) {
        throw Failure(Kind::other, Code::unavailable, "the database accepts no more connections" + code, 2);
    }
    throw Failure(Kind::lost, Code::unavailable, "the database can't be reached" + code, 1);
}

void MysqlSession::execute(std::string_view name, std::string_view text) {
    const Wait wait(*this);
    if (mysql_real_query(handle(), text.data(), static_cast<unsigned long>(text.size())) == 0) return;
    fail(name, mysql_errno(handle()), mysql_sqlstate(handle()), mysql_error(handle()));
}

void MysqlSession::commit() {
    constexpr std::string_view kCommit = "COMMIT";
    const Wait wait(*this);
    if (mysql_real_query(handle(), kCommit.data(), kCommit.size()) == 0) return;
    const unsigned number = mysql_errno(handle());
    if (!leaves_commit_open(number)) fail("commit", number, mysql_sqlstate(handle()), mysql_error(handle()));
    broken_ = true;
    throw CommitLost("commit: the connection to the database broke before it answered (" + std::to_string(number) + ")",
                     id());
}

void MysqlSession::fail(std::string_view name, unsigned number, const char* sqlstate, const char* words) {
    const Failure failure = failure_of(name, number, sqlstate, words);
    if (failure.kind() == Kind::lost) broken_ = true;
    if (classify(number) == MysqlError::no_space && may_log()) {
        base::log::error("db", "the database's disk is full", {{"statement", name}, {"why", words}});
    }
    throw Failure(failure);
}

bool MysqlSession::hung_up() const noexcept {
    pollfd socket{.fd = static_cast<int>(mysql_get_socket(handle())), .events = POLLIN, .revents = 0};
    return ::poll(&socket, 1, 0) != 0;
}

}  // namespace bodega::db
