#include "support/mariadb.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "support/catalog.h"
#include "support/certificate.h"
#include "support/mariadb_folder.h"
#include "support/program.h"

namespace bodega::test {
namespace {

namespace fs = std::filesystem;

// A shell that removes the folder when this process, the other end of the pipe, has ended for any reason.
base::Fd remove_afterwards(const fs::path& folder) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw base::system_error("make a pipe", errno);
    const base::Fd read(ends[0]);
    base::Fd write(ends[1]);
    const char* script = "trap '' HUP INT TERM; cat >/dev/null; rm -rf -- \"$1\"; sleep 1; rm -rf -- \"$1\"";
    start_program({"setsid", "--fork", "sh", "-c", script, "sh", folder.string()}, "/dev/null", read.get());
    return write;
}

std::string setting(const std::string& name, const fs::path& value) { return "--" + name + "=" + value.string(); }

}  // namespace

MariaDb& MariaDb::instance() {
    const auto chosen = engines();
    if (std::find(chosen.begin(), chosen.end(), db::Dialect::mysql) == chosen.end())
        SKIP("BODEGA_TEST_ENGINE leaves MariaDB out");
    static MariaDb server;
    return server;
}

MariaDb::MariaDb()
    : folder_(make_mariadb_folder()),
      alive_(remove_afterwards(folder_)),
      admin_password_(base::random_secret(12)),
      user_password_(base::random_secret(12)),
      port_(free_port()) {
    make_certificate(folder_);
    start();
}

MariaDb::~MariaDb() { stop(); }

void MariaDb::start() {
    std::vector<std::string> command = {database_server(),
                                        "--no-defaults",
                                        setting("datadir", folder_ / "data"),
                                        setting("socket", socket()),
                                        "--bind-address=127.0.0.1",
                                        "--port=" + std::to_string(port_),
                                        "--skip-name-resolve",
                                        "--skip-log-bin",
                                        "--performance-schema=OFF",
                                        "--max-connections=200",
                                        "--innodb-buffer-pool-size=32M",
                                        is_mysql() ? "--innodb-redo-log-capacity=16M" : "--innodb-log-file-size=8M",
                                        "--innodb-flush-log-at-trx-commit=2",
                                        "--character-set-server=utf8mb4",
                                        setting("ssl-ca", authority()),
                                        setting("ssl-cert", folder_ / "server.pem"),
                                        setting("ssl-key", folder_ / "server.key"),
                                        setting("pid-file", folder_ / "pid")};
    if (is_mysql()) command.emplace_back("--mysqlx=OFF");
    if (::geteuid() == 0) command.emplace_back("--user=root");
    process_ = start_program(command, folder_ / "log");
    wait_until_ready();
}

void MariaDb::wait_until_ready() {
    constexpr int kTries = 600;
    for (int i = 0; i < kTries; ++i) {
        if (::waitpid(process_, nullptr, WNOHANG) == process_) break;
        if (fs::exists(socket()) && fs::exists(folder_ / "pid")) {
            if (!fs::exists(folder_ / "accounts")) make_accounts();
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    throw std::runtime_error(database_server() + " does not start:\n" + tail(folder_ / "log"));
}

void MariaDb::make_accounts() {
    db::Source first = administrator();
    first.password.clear();
    const auto root = db::connect(first);
    root->execute_text("account", "CREATE USER bodega@'%' IDENTIFIED BY '" + user_password_ + "'");
    root->execute_text("account", "GRANT ALL ON `t\\_%`.* TO bodega@'%'");
    root->execute_text("account", "ALTER USER root@localhost IDENTIFIED BY '" + admin_password_ + "'");
    fs::create_directory(folder_ / "accounts");
}

void MariaDb::stop() {
    connection_.reset();
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
    fs::remove(folder_ / "pid");
    fs::remove(socket());
}

db::Source MariaDb::administrator() const {
    db::Source source;
    source.dialect = db::Dialect::mysql;
    source.host = socket().string();
    source.user = "root";
    source.password = admin_password_;
    source.name = "mysql";
    return source;
}

db::Connection& MariaDb::connection() {
    if (!connection_ || connection_->hung_up() || connection_->broken()) connection_ = db::connect(administrator());
    return *connection_;
}

db::Source MariaDb::make_database() {
    db::Source source = administrator();
    source.user = "bodega";
    source.password = user_password_;
    source.name = "t_" + std::to_string(++databases_);
    administer("CREATE DATABASE " + source.name + " DEFAULT CHARSET utf8mb4");
    return source;
}

void MariaDb::drop_database(const std::string& name) { administer("DROP DATABASE IF EXISTS " + name); }

db::Source MariaDb::over_tcp(db::Source source) const {
    source.host = "127.0.0.1";
    source.port = port_;
    return source;
}

void MariaDb::administer(const std::string& sql) { connection().execute_text("administer", sql); }

std::int64_t MariaDb::ask(const std::string& sql) {
    auto& row = connection().query({"ask", sql});
    const std::int64_t value = row.next() ? row.int64(0) : 0;
    row.reset();
    return value;
}

void MariaDb::kill_connections() {
    if (!is_mysql()) return administer("KILL USER bodega");
    std::vector<std::string> sessions;
    auto& row = connection().query({"list", "SHOW PROCESSLIST"});
    while (row.next()) {
        if (row.text(1) == "bodega") sessions.emplace_back(row.text(0));
    }
    for (const std::string& session : sessions) {
        try {
            administer("KILL " + session);
        } catch (const base::Error&) {
            continue;  // it has just ended by itself
        }
    }
}

void MariaDb::set_read_only(bool on) { administer(std::string("SET GLOBAL read_only = ") + (on ? "ON" : "OFF")); }

}  // namespace bodega::test
