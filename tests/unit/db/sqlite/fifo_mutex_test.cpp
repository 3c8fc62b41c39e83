#include "db/sqlite/fifo_mutex.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <thread>
#include <vector>

#include "support/temp_folder.h"

namespace bodega::db {
namespace {

using namespace std::chrono_literals;

TEST_CASE("who comes first writes first", "[db]") {
    WriteGate gate;
    REQUIRE(gate.enter(0ms));
    std::mutex mutex;
    std::vector<int> order;
    std::vector<std::jthread> writers;
    for (std::size_t i = 0; i < 5; ++i) {
        writers.emplace_back([&, i] {
            if (!gate.enter(10s)) return;
            {
                const std::lock_guard lock(mutex);
                order.push_back(static_cast<int>(i));
            }
            gate.leave();
        });
        while (gate.waiting() != i + 1) std::this_thread::sleep_for(1ms);
    }
    gate.leave();
    writers.clear();
    CHECK(order == std::vector{0, 1, 2, 3, 4});
}

TEST_CASE("a turn that does not come is given up, and nobody else loses theirs", "[db]") {
    WriteGate gate;
    REQUIRE(gate.enter(0ms));
    CHECK_FALSE(gate.enter(5ms));
    gate.leave();
    CHECK(gate.enter(0ms));
    gate.leave();
}

TEST_CASE("a file has one gate by all its names, two files have two", "[db]") {
    const test::TempFolder folder;
    std::ofstream(folder / "a") << "a";
    std::ofstream(folder / "b") << "b";
    std::filesystem::create_symlink(folder / "a", folder / "link");
    const auto gate = WriteGate::of_file(folder / "a");
    CHECK(gate == WriteGate::of_file(folder / "link"));
    CHECK(gate != WriteGate::of_file(folder / "b"));
}

}  // namespace
}  // namespace bodega::db
