// The text that Prometheus reads.
#include "base/exposition.h"

#include <array>
#include <catch2/catch_test_macros.hpp>

using bodega::base::Exposition;

TEST_CASE("a counter has its help and its type before it") {
    Exposition out;
    out.counter("a_total", "How many \\ of\nthem.", 17);
    CHECK(out.text() == "# HELP a_total How many \\\\ of\\nthem.\n# TYPE a_total counter\na_total 17\n");
}

TEST_CASE("labels are escaped") {
    Exposition out;
    out.family("a", "A.", Exposition::Kind::gauge);
    out.sample({{"x", "a\"b\\c\nd"}, {"y", ""}}, 1.5);
    CHECK(out.text().ends_with("a{x=\"a\\\"b\\\\c\\nd\",y=\"\"} 1.5\n"));
}

TEST_CASE("a histogram's buckets add up") {
    Exposition out;
    out.family("d_seconds", "D.", Exposition::Kind::histogram);
    constexpr std::array<double, 2> bounds{0.001, 0.5};
    constexpr std::array<std::uint64_t, 3> counts{1, 2, 4};
    out.histogram({{"route", "app"}}, bounds, counts, 12.25);
    CHECK(
        out.text().ends_with("d_seconds_bucket{route=\"app\",le=\"0.001\"} 1\n"
                             "d_seconds_bucket{route=\"app\",le=\"0.5\"} 3\n"
                             "d_seconds_bucket{route=\"app\",le=\"+Inf\"} 7\n"
                             "d_seconds_sum{route=\"app\"} 12.25\n"
                             "d_seconds_count{route=\"app\"} 7\n"));
}
