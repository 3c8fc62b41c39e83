#include "db/fifo_mutex.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

namespace bodega::db {
namespace {

using namespace std::chrono_literals;

TEST_CASE("FifoMutex: the first to wait is the first to enter", "[db]") {
    FifoMutex fifo;
    REQUIRE(fifo.enter(0ms));
    std::mutex mutex;
    std::vector<int> order;
    std::vector<std::jthread> writers;
    for (std::size_t i = 0; i < 5; ++i) {
        writers.emplace_back([&, i] {
            if (!fifo.enter(10s)) return;
            {
                const std::lock_guard lock(mutex);
                order.push_back(static_cast<int>(i));
            }
            fifo.leave();
        });
        while (fifo.waiting() != i + 1) std::this_thread::sleep_for(1ms);
    }
    fifo.leave();
    writers.clear();
    CHECK(order == std::vector{0, 1, 2, 3, 4});
}

TEST_CASE("FifoMutex: a wait that times out does not cost others their turn", "[db]") {
    FifoMutex fifo;
    REQUIRE(fifo.enter(0ms));
    CHECK_FALSE(fifo.enter(5ms));
    fifo.leave();
    CHECK(fifo.enter(0ms));
    fifo.leave();
}

}  // namespace
}  // namespace bodega::db
