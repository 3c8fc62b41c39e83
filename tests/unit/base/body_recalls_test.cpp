#include "base/body_recalls.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>

namespace bodega::base {
namespace {

TEST_CASE("a writer is asked to stop only while it is registered, and only by its own ticket", "[base]") {
    BodyRecalls recalls;
    int stopped = 0;
    const Ulid ticket = Ulid::make();
    CHECK(recalls.empty());
    std::optional<BodyRecalls::Seat> seat;
    seat.emplace(recalls, ticket, [&] { ++stopped; });
    CHECK_FALSE(recalls.empty());
    CHECK_FALSE(recalls.recall(Ulid::make()));
    CHECK(stopped == 0);
    CHECK(recalls.recall(ticket));
    CHECK(stopped == 1);
    seat.reset();
    CHECK_FALSE(recalls.recall(ticket));
    CHECK(stopped == 1);
}

}  // namespace
}  // namespace bodega::base
