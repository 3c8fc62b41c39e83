// The loops' counts by route and by upstream.
#include "edge/observe/meters.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace bodega::edge;

TEST_CASE("durations are counted in the first bucket that contains them") {
    Durations durations;
    for (std::int64_t micros : {0, 500, 501, 60'000'000, 60'000'001}) durations.add(micros);
    Durations::Sum sum;
    durations.add_to(sum);
    CHECK(sum.counts.front() == 2);
    CHECK(sum.counts[1] == 1);
    CHECK(sum.counts[Durations::kBounds.size() - 1] == 1);
    CHECK(sum.counts.back() == 1);
    CHECK(sum.micros == 120'001'002);
}

TEST_CASE("equal names have one meter") {
    Meters meters;
    RouteMeter& app = meters.route("app");
    CHECK(&meters.route("app") == &app);
    CHECK(&meters.route("web") != &app);
    int seen = 0;
    meters.each_route([&](const std::string&, const RouteMeter&) { ++seen; });
    CHECK(seen == 2);
}

TEST_CASE("the number of names is limited") {
    Meters meters;
    for (std::size_t i = 0; i < 2 * Meters::kMax; ++i) meters.upstream(std::to_string(i)).retries.add();
    std::size_t seen = 0;
    std::uint64_t retries = 0;
    meters.each_upstream([&](const std::string&, const UpstreamMeter& meter) {
        ++seen;
        retries += meter.retries.value();
    });
    CHECK(seen == Meters::kMax + 1);
    CHECK(retries == 2 * Meters::kMax);
}
