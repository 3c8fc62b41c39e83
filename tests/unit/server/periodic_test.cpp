#include "server/periodic.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

using namespace bodega::server;
using namespace std::chrono_literals;

namespace {

bool reaches(const std::atomic<int>& count, int wanted) {
    for (int i = 0; i < 500 && count < wanted; ++i) std::this_thread::sleep_for(10ms);
    return count >= wanted;
}

}  // namespace

TEST_CASE("periodic work starts at once and continues after a failure", "[server]") {
    std::atomic<int> rounds = 0;
    Periodic periodic("test", 1ms, [&] {
        if (++rounds < 3) throw std::runtime_error("not yet");
    });
    CHECK(reaches(rounds, 5));
}

TEST_CASE("periodic work ends without waiting for its next round", "[server]") {
    std::atomic<int> rounds = 0;
    auto start = std::chrono::steady_clock::now();
    {
        Periodic periodic("test", 1h, [&] { ++rounds; });
        CHECK(reaches(rounds, 1));
    }
    CHECK(rounds == 1);
    CHECK(std::chrono::steady_clock::now() - start < 30s);
}
