#include "net/transfer_timeout.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::edge {
namespace {

constexpr Patience::Terms kTerms{1000, 100};  // a second without a byte; 100 bytes a second

// When a client that sends `bytes` every `every` ms is let go; 0: not within a minute.
Moment end_of_drip(Moment every, std::uint64_t bytes) {
    Patience patience;
    for (Moment now = 0; now < 60'000; now += every) {
        patience.wait(now, kTerms);
        if (patience.deadline() <= now + every) return patience.deadline();
        patience.progressed(now + every, bytes);
    }
    return 0;
}

}  // namespace

TEST_CASE("a client that does nothing has its while", "[edge]") {
    Patience patience;
    CHECK_FALSE(patience.waits());
    patience.wait(500, kTerms);
    CHECK(patience.deadline() == 1500);
    patience.wait(700, kTerms);  // the same wait goes on
    CHECK(patience.deadline() == 1500);
    patience.progressed(900, 1);
    CHECK_FALSE(patience.waits());
    CHECK(patience.deadline() == kNever);
}

TEST_CASE("a client that drips is let go, one that keeps the rate is not", "[edge]") {
    CHECK(end_of_drip(900, 1) <= 1100);
    CHECK(end_of_drip(500, 10) <= 2000);
    CHECK(end_of_drip(500, 60) == 0);
    CHECK(end_of_drip(1001, 1'000'000) == 1000);
}

TEST_CASE("only time spent waiting for the client counts", "[edge]") {
    Patience patience;
    for (Moment now = 0; now < 100'000; now += 10'000) {
        patience.wait(now, kTerms);
        REQUIRE(patience.deadline() > now + 5);
        patience.progressed(now + 5, 1);  // then the server takes its time
    }
}

}  // namespace bodega::edge
