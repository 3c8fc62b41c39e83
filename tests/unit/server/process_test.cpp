#include "server/process.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::server {
namespace {

int fitted(int wanted, std::uint64_t file_limit) {
    config::Config config;
    config.edge.max_connections = wanted;
    fit_connections(config, file_limit);
    return config.edge.max_connections;
}

}  // namespace

TEST_CASE("connections get two thirds of the descriptors that the process does not need") {
    CHECK(fitted(20'000, 1'000'000) == 20'000);
    CHECK(fitted(20'000, 20'000) >= 10'000);
    CHECK(fitted(20'000, 20'000) <= 2 * 20'000 / 3);
    CHECK(fitted(500, 20'000) == 500);
}

TEST_CASE("a process with few descriptors still accepts some connections") { CHECK(fitted(20'000, 256) == 16); }

}  // namespace bodega::server
