#include "server/load_history.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace bodega::server {
namespace {

using edge::Durations;

// 10 requests a second so far, of which one in ten failed, all of them within 2.5 to 5 milliseconds.
LoadReading reading(int second) {
    edge::Traffic traffic;
    traffic.answered = static_cast<std::uint64_t>(second) * 10;
    traffic.failed = static_cast<std::uint64_t>(second);
    traffic.duration.counts[3] = traffic.answered;
    return {base::Steady::time_point(std::chrono::seconds(second)), traffic, 0.25 * second};
}

}  // namespace

TEST_CASE("a sample is the difference of two readings", "[server]") {
    LoadHistory history(5000);
    history.add(reading(0));
    CHECK(nlohmann::json::parse(history.json({})).at("rate").empty());
    history.add(reading(5));
    history.add({base::Steady::time_point(std::chrono::seconds(10)), reading(5).traffic, 1.25});
    const auto told = nlohmann::json::parse(history.json({.cores = 2, .used_bytes = 7}));
    CHECK(told.at("every") == 5000);
    CHECK(told.at("cores") == 2);
    CHECK(told.at("used_bytes") == 7);
    CHECK(told.at("free_bytes").is_null());
    CHECK(told.at("rate") == nlohmann::json({10, 0}));
    CHECK(told.at("errors") == nlohmann::json({1, 0}));
    CHECK(told.at("cpu").at(0).get<double>() == Catch::Approx(0.25).margin(0.06));
    CHECK(told.at("p50").at(0).get<double>() == Catch::Approx(3.75).margin(0.06));
    CHECK(told.at("p50").at(1).is_null());  // nothing was answered then
}

TEST_CASE("a node without an edge has no traffic figures", "[server]") {
    LoadHistory history(5000);
    for (int second : {0, 5}) history.add({base::Steady::time_point(std::chrono::seconds(second)), std::nullopt, 0});
    const auto told = nlohmann::json::parse(history.json({}));
    CHECK(told.at("rate").at(0).is_null());
    CHECK(told.at("cpu").at(0) == 0);
}

TEST_CASE("the history stays small, whatever the numbers", "[server]") {
    LoadHistory history(5000);
    for (int i = 0; i < 200; ++i) {
        LoadReading one = reading(i * 3600);
        one.traffic->answered *= 1'000'000;
        one.traffic->failed *= 1'000'000;
        one.traffic->duration.counts[3] = 0;
        one.traffic->duration.counts[15] = one.traffic->answered;
        history.add(one);
    }
    const std::string told = history.json({.memory_bytes = INT64_MAX, .used_bytes = INT64_MAX});
    CHECK(nlohmann::json::parse(told).at("rate").size() == LoadHistory::kSamples);
    CHECK(told.size() < 8 << 10);
}

TEST_CASE("quantiles are interpolated within a bucket", "[server]") {
    Durations::Sum sum;
    CHECK_FALSE(quantile(sum, 0.5));
    sum.counts[0] = 50;  // up to 0.5 ms
    sum.counts[4] = 50;  // 5 to 10 ms
    sum.counts[15] = 1;  // above a minute
    CHECK(quantile(sum, 0.25).value() == Catch::Approx(0.2525));
    CHECK(quantile(sum, 0.99).value() == Catch::Approx(10.0).margin(0.1));
    CHECK(quantile(sum, 1.0).value() == 60'000);
}

}  // namespace bodega::server
