// An open connection to a MySQL or MariaDB server, with the state that its statements share. One thread at a time.
#pragma once

#include <mysql.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/fd.h"
#include "db/mysql/mysql_error.h"
#include "db/source.h"

namespace bodega::db {

class MysqlSession {
public:
    // Connects, signs in and sets up the session, in one round trip after the sign-in. Throws like connect().
    explicit MysqlSession(const Source& source);

    MYSQL* handle() const noexcept { return handle_.get(); }
    // Marks the time in which a thread waits for the server. While a Wait exists, waits_since() returns when it was
    // created.
    class Wait {
    public:
        explicit Wait(MysqlSession& session) noexcept;
        ~Wait() { session_.sent_at_ = 0; }
        Wait(const Wait&) = delete;

    private:
        const base::Blocking blocking_;
        MysqlSession& session_;
    };
    // May be called on any thread; see Connection.
    std::optional<base::Steady::time_point> waits_since() const noexcept;
    void cut() noexcept;

    bool broken() const noexcept { return broken_; }
    void mark_broken() noexcept { broken_ = true; }

    // Closes the connection; its statements then only free their memory.
    void close() noexcept {
        handle_.reset();
        socket_.reset();
    }

    // The session's id on the server, as KILL takes it.
    const std::string& id() const noexcept { return id_; }

    // Runs one statement that has no result, without preparing it. Throws what fail() throws.
    void execute(std::string_view name, std::string_view text);
    // Runs COMMIT. Throws CommitLost if it is unknown whether the transaction took effect, and what fail() throws for
    // other errors.
    void commit();

    // Throws the Failure for an error number; `words` is the server's message.
    [[noreturn]] void fail(std::string_view name, unsigned number, const char* sqlstate, const char* words);

    // Whether the server closed the connection or sent something unexpected. No round trip.
    bool hung_up() const noexcept;

private:
    struct Close {
        void operator()(MYSQL* handle) const noexcept { mysql_close(handle); }
    };

    void sign_in(const Source& source);
    // Whether the sign-in succeeded; if not, the handle holds the error.
    bool try_password(const Source& source, const std::string& password);
    void set_options(const Source& source);
    void duplicate_socket(bool socket);
    void set_up(const Source& source);
    [[noreturn]] void refuse(const Source& source);

    std::unique_ptr<MYSQL, Close> handle_;
    // For cut(): a duplicate of the socket's descriptor, which stays valid when Connector/C closes its own.
    base::Fd socket_;
    std::atomic<base::Steady::rep> sent_at_ = 0;  // when the running statement was sent; 0: none runs
    std::string id_;
    bool broken_ = false;
};

}  // namespace bodega::db
