#include "net/transfer_timeout.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::net {
namespace {

constexpr TransferTimeout::Terms kTerms{1000, 100};  // a second without a byte; 100 bytes a second

// When a client that sends `bytes` every `every` ms times out; 0: not within a minute.
Moment end_of_drip(Moment every, std::uint64_t bytes) {
    TransferTimeout transfer_timeout;
    for (Moment now = 0; now < 60'000; now += every) {
        transfer_timeout.wait(now, kTerms);
        if (transfer_timeout.deadline() <= now + every) return transfer_timeout.deadline();
        transfer_timeout.progressed(now + every, bytes);
    }
    return 0;
}

}  // namespace

TEST_CASE("a silent client times out", "[net]") {
    TransferTimeout transfer_timeout;
    CHECK_FALSE(transfer_timeout.waits());
    transfer_timeout.wait(500, kTerms);
    CHECK(transfer_timeout.deadline() == 1500);
    transfer_timeout.wait(700, kTerms);  // the same wait continues
    CHECK(transfer_timeout.deadline() == 1500);
    transfer_timeout.progressed(900, 1);
    CHECK_FALSE(transfer_timeout.waits());
    CHECK(transfer_timeout.deadline() == kNever);
}

TEST_CASE("a client below the minimum rate is disconnected, one at the rate is not", "[net]") {
    CHECK(end_of_drip(900, 1) <= 1100);
    CHECK(end_of_drip(500, 10) <= 2000);
    CHECK(end_of_drip(500, 60) == 0);
    CHECK(end_of_drip(1001, 1'000'000) == 1000);
}

TEST_CASE("only time spent waiting for the client counts", "[net]") {
    TransferTimeout transfer_timeout;
    for (Moment now = 0; now < 100'000; now += 10'000) {
        transfer_timeout.wait(now, kTerms);
        REQUIRE(transfer_timeout.deadline() > now + 5);
        transfer_timeout.progressed(now + 5, 1);  // then the server is slow
    }
}

}  // namespace bodega::net
