// An open connection to a MySQL or MariaDB server with what its statements share. One thread at a time.
#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <string_view>

#include "db/mysql_error.h"
#include "db/source.h"

namespace bodega::db {

class MysqlSession {
public:
    // Connects, signs in and sets the session up, in one round trip after the sign-in. Throws as connect() does.
    explicit MysqlSession(const Source& source);

    MYSQL* handle() const noexcept { return handle_.get(); }
    bool broken() const noexcept { return broken_; }
    void mark_broken() noexcept { broken_ = true; }

    // Closes it; statements that are still there are then only memory.
    void close() noexcept { handle_.reset(); }

    // The server's number for it, as KILL takes it.
    const std::string& id() const noexcept { return id_; }

    // One statement of text, no result. Throws what fail() does.
    void execute(std::string_view name, std::string_view text);
    // The same for COMMIT: throws CommitLost if it is not known whether it was carried out.
    void commit();

    [[noreturn]] void fail(std::string_view name, unsigned number, const char* sqlstate);

    // The server closed the connection, or said something unasked. No round trip.
    bool hung_up() const noexcept;

private:
    struct Close {
        void operator()(MYSQL* handle) const noexcept { mysql_close(handle); }
    };

    void set_options(const Source& source);
    void set_up(const Source& source);
    [[noreturn]] void refuse(const Source& source);

    std::unique_ptr<MYSQL, Close> handle_;
    std::string id_;
    bool broken_ = false;
};

}  // namespace bodega::db
