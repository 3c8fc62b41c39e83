// Ticket keys: shared by all nodes, renewed in time, used once all nodes know them, kept while a ticket may need them.
#include "app/fleet/ticket_keys.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <string>
#include <thread>
#include <vector>

#include "support/app_fixture.h"

namespace bodega::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kRotation = 8h;

std::vector<std::string> names(const std::vector<store::TicketKey>& keys) {
    std::vector<std::string> out;
    for (const store::TicketKey& key : keys) out.emplace_back(key.name.begin(), key.name.end());
    return out;
}

}  // namespace

TEST_CASE("nodes that start at once share one ticket key", "[ticket_keys]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    std::vector<std::vector<std::string>> seen(6);
    {
        std::vector<std::jthread> nodes;
        for (auto& keys : seen)
            nodes.emplace_back([&] { keys = names(TicketKeys(fixture.services, kRotation).current()); });
    }
    CHECK(seen.front().size() == 1);
    for (const auto& keys : seen) CHECK(keys == seen.front());
}

TEST_CASE("ticket keys are first published, then used, then kept for decryption, then dropped", "[ticket_keys]") {
    test::AppFixture fixture(GENERATE(from_range(test::engines())));
    TicketKeys keys(fixture.services, kRotation);
    auto pass = [&](std::chrono::milliseconds time) {
        constexpr db::Sql kAge{"test.age", "UPDATE ticket_keys SET created_at = created_at - ?"};
        fixture.catalog.execute(kAge, {time.count()});
    };
    const std::vector<store::TicketKey> begun = keys.current();
    REQUIRE(begun.size() == 1);
    const std::string first = names(begun)[0];
    CHECK(begun[0].secret != std::array<std::uint8_t, 64>{});
    pass(kRotation - 1min);
    CHECK(names(keys.current()) == std::vector{first});

    pass(2min);
    auto now = names(keys.current());
    REQUIRE(now.size() == 2);
    CHECK(now[0] == first);  // other nodes may not know the new key yet
    const std::string second = now[1];
    pass(2min);
    CHECK(names(keys.current()) == std::vector{second, first});

    pass(kRotation);
    now = names(keys.current());
    REQUIRE(now.size() == 3);
    CHECK(now[0] == second);
    pass(2min);
    now = names(keys.current());
    CHECK(now.size() == 3);  // tickets that the first key encrypted last are still valid
    CHECK(now[1] == second);
    pass(kRotation);
    now = names(keys.current());
    CHECK(std::find(now.begin(), now.end(), first) == now.end());
    CHECK(std::find(now.begin(), now.end(), second) != now.end());
}

}  // namespace bodega::app
