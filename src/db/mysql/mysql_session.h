// An open connection to a MySQL or MariaDB server with what its statements share. One thread at a time.
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
    // Connects, signs in and sets the session up, in one round trip after the sign-in. Throws as connect() does.
    explicit MysqlSession(const Source& source);

    MYSQL* handle() const noexcept { return handle_.get(); }
    // While one lives, this thread waits for the server.
    class Wait {
    public:
        explicit Wait(MysqlSession& session) noexcept;
        ~Wait() { session_.asked_ = 0; }
        Wait(const Wait&) = delete;

    private:
        const base::Blocking blocking_;
        MysqlSession& session_;
    };
    // Any thread: see Connection.
    std::optional<base::Steady::time_point> waits_since() const noexcept;
    void cut() noexcept;

    bool broken() const noexcept { return broken_; }
    void mark_broken() noexcept { broken_ = true; }

    // Closes it; statements that are still there are then only memory.
    void close() noexcept {
        handle_.reset();
        line_.reset();
    }

    // The server's number for it, as KILL takes it.
    const std::string& id() const noexcept { return id_; }

    // One statement of text, no result. Throws what fail() does.
    void execute(std::string_view name, std::string_view text);
    // The same for COMMIT: throws CommitLost if it is not known whether it was carried out.
    void commit();

    // words: the server's own.
    [[noreturn]] void fail(std::string_view name, unsigned number, const char* sqlstate, const char* words);

    // The server closed the connection, or said something unasked. No round trip.
    bool hung_up() const noexcept;

private:
    struct Close {
        void operator()(MYSQL* handle) const noexcept { mysql_close(handle); }
    };

    void sign_in(const Source& source);
    // Whether the server let us in; if not, the handle knows why.
    bool try_password(const Source& source, const std::string& password);
    void set_options(const Source& source);
    void take_line(bool socket);
    void set_up(const Source& source);
    [[noreturn]] void refuse(const Source& source);

    std::unique_ptr<MYSQL, Close> handle_;
    base::Fd line_;  // a second descriptor of the connection's socket: it stays ours when the client closes its own
    std::atomic<base::Steady::rep> asked_ = 0;  // when the statement under way was; 0: there is none
    std::string id_;
    bool broken_ = false;
};

}  // namespace bodega::db
