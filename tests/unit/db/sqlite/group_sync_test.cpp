#include "db/sqlite/group_sync.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "base/error.h"
#include "support/temp_folder.h"

namespace bodega::db {
namespace {

TEST_CASE("GroupSync: commits that wait at the same time share syncs", "[db]") {
    const test::TempFolder folder;
    std::ofstream(folder / "log") << "a";
    GroupSync log(folder / "log");
    constexpr int kThreads = 16, kCommits = 50;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&log] {
                for (int n = 0; n < kCommits; ++n) log.wait_for(log.committed());
            });
        }
    }
    CHECK(log.syncs() <= kThreads * kCommits);
    CHECK(log.syncs() >= kCommits);  // each thread waits for its last commit before it makes the next one
}

TEST_CASE("GroupSync: a commit that an earlier sync covered needs none", "[db]") {
    const test::TempFolder folder;
    std::ofstream(folder / "log") << "a";
    GroupSync log(folder / "log");
    const auto first = log.committed();
    const auto second = log.committed();
    log.wait_for(second);
    log.wait_for(first);
    CHECK(log.syncs() == 1);
}

TEST_CASE("GroupSync: a log that SQLite has removed has nothing left to sync, and a new one is synced", "[db]") {
    const test::TempFolder folder;
    GroupSync log(folder / "log");
    log.wait_for(log.committed());
    std::ofstream(folder / "log") << "a";
    log.wait_for(log.committed());
    std::filesystem::remove(folder / "log");
    std::ofstream(folder / "log") << "b";
    log.wait_for(log.committed());
    CHECK(log.syncs() == 3);
}

TEST_CASE("GroupSync: after a sync that failed every later commit fails", "[db]") {
    const test::TempFolder folder;
    std::filesystem::create_directory(folder / "log");  // can't be opened for writing
    GroupSync log(folder / "log");
    CHECK_THROWS_AS(log.wait_for(log.committed()), base::Error);
    std::filesystem::remove(folder / "log");
    std::ofstream(folder / "log") << "a";
    CHECK_THROWS_AS(log.wait_for(log.committed()), base::Error);
}

}  // namespace
}  // namespace bodega::db
