#include "base/random.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <vector>

#include "base/encoding.h"

using namespace bodega::base;

TEST_CASE("a secret of 32 bytes is 43 characters of base64url") {
    std::string secret = random_secret();
    CHECK(secret.size() == 43);
    CHECK(unbase64url(secret)->size() == 32);
    CHECK(random_secret(16).size() == 22);
    CHECK(random_secret() != random_secret());
}

TEST_CASE("all requested random bytes are filled, even more than one system call returns") {
    std::vector<std::uint8_t> bytes(1 << 20);
    fill_random(bytes);
    std::set<std::uint8_t> last(bytes.end() - 4096, bytes.end());
    CHECK(last.size() == 256);
    fill_random({});
}

TEST_CASE("random numbers stay below their bound and reach all of it") {
    std::array<int, 7> seen{};
    for (int i = 0; i < 2000; ++i) ++seen.at(random_below(seen.size()));
    for (int count : seen) CHECK(count > 100);
    CHECK(random_below(1) == 0);
}
