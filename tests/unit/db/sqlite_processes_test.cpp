// One SQLite catalog and several processes: a server, and commands beside it.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "base/fd.h"
#include "db/source.h"
#include "support/temp_folder.h"

using namespace bodega;

namespace {

constexpr db::Sql kInsert{"test.insert", "INSERT INTO t (v) VALUES (?)"};
constexpr db::Sql kCount{"test.count", "SELECT COUNT(*) FROM t"};

std::int64_t count(db::Connection& connection) {
    auto& row = connection.query(kCount);
    std::int64_t rows = row.next() ? row.int64(0) : -1;
    row.reset();
    return rows;
}

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        out = base::Fd(ends[0]);
        in = base::Fd(ends[1]);
    }
    base::Fd out, in;
};

// Another process that opens the catalog, writes, and closes it, on each request. It is forked before this process
// opens the catalog, because a fork must not copy SQLite's records of its locks.
class Command {
public:
    explicit Command(const db::Source& source) : pid_(::fork()) {
        if (pid_ != 0) return;
        char word = 0;
        order_.in.reset();
        while (::read(order_.out.get(), &word, 1) == 1) {
            db::connect(source)->execute(kInsert, {1});
            if (::write(done_.in.get(), &word, 1) != 1) break;
        }
        ::_exit(0);
    }
    ~Command() {
        order_.in.reset();
        ::waitpid(pid_, nullptr, 0);
    }
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    bool run() {
        done_.in.reset();
        char word = 'x';
        return ::write(order_.in.get(), &word, 1) == 1 && ::read(done_.out.get(), &word, 1) == 1;
    }

private:
    Pipe order_, done_;
    const pid_t pid_;
};

}  // namespace

TEST_CASE("every open connection sees what another process commits", "[db]") {
    test::TempFolder folder;
    db::Source source;
    source.path = folder / "catalog.db";
    Command command(source);
    auto first = db::connect(source);
    first->execute_text("test.create", "CREATE TABLE t (v INTEGER NOT NULL)");
    auto second = db::connect(source);
    first->execute(kInsert, {1});
    for (int written = 1; written < 4; ++written) {
        CHECK(count(*first) == written);
        CHECK(count(*second) == written);
        REQUIRE(command.run());
    }
    CHECK(count(*first) == 4);
    CHECK(count(*second) == 4);
    // The last process to close removes the WAL file. It must not do that while others have the catalog open.
    CHECK(::access((folder / "catalog.db-wal").c_str(), F_OK) == 0);
}
