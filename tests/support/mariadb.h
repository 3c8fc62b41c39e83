// A real mariadbd, or MySQL's mysqld (BODEGA_TEST_MYSQLD), for the tests of this process. It is started once, at first
// use, on a unix socket and on a free port of 127.0.0.1, in a temporary folder. It ends with the process, however that
// ends, and its folder is removed.
//
// Requires: first use on the main thread (the server ends with the thread that started it).
// Use from one thread at a time.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "db/source.h"

namespace bodega::test {

class MariaDb {
public:
    // Skips the test case where BODEGA_TEST_ENGINE leaves it out.
    static MariaDb& instance();

    // A fresh database "t_N" and an account with all rights in it and no others; over the socket.
    db::Source make_database();
    void drop_database(const std::string& name);
    // The same database over TCP.
    db::Source over_tcp(db::Source source) const;

    int port() const noexcept { return port_; }
    std::filesystem::path socket() const { return folder_ / "db.sock"; }
    // The authority that signed its certificate, which is for 127.0.0.1 and localhost.
    std::filesystem::path authority() const { return folder_ / "ca.pem"; }

    // Executes one statement without result as the administrator.
    void administer(const std::string& sql);
    // The first column of the first row.
    std::int64_t ask(const std::string& sql);

    // Faults. A test that makes one repairs it: the next test gets the same server.
    void kill_connections();  // all except the administrator's own
    void set_read_only(bool on);
    void stop();   // as SIGKILL does
    void start();  // on the same port and data
    void restart() {
        stop();
        start();
    }

    MariaDb(const MariaDb&) = delete;
    MariaDb& operator=(const MariaDb&) = delete;
    ~MariaDb();

private:
    MariaDb();
    void make_accounts();
    void wait_until_ready();
    db::Source administrator() const;
    db::Connection& connection();

    std::filesystem::path folder_;
    base::Fd alive_;  // as long as it is open, the folder stays
    std::string admin_password_, user_password_;
    int port_ = 0;
    pid_t process_ = -1;
    int databases_ = 0;
    std::unique_ptr<db::Connection> connection_;
};

}  // namespace bodega::test
