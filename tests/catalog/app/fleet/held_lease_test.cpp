// Holders' beliefs: never two at the same time, however they are paused and whatever their clocks show.
#include "app/fleet/held_lease.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <random>
#include <thread>
#include <vector>

#include "support/app_fixture.h"

using namespace bodega;
using app::HeldLease;
using base::Steady;
using test::AppFixture;

namespace {

constexpr db::Sql kLeft{"test.left", "SELECT expires_at - {now} FROM leases WHERE name = 'sweeper'"};

// From the answer that granted the lease to the last moment at which the holder believed in it.
struct Belief {
    int holder;
    Steady::time_point begin, end;
};

// A node whose clock is off by days, and which stops for up to twice a lease at any time.
std::vector<Belief> live(AppFixture& fixture, int number, base::Milliseconds lifetime, Steady::time_point over) {
    const base::Milliseconds skew = (number - 1) * 86'400'000LL;
    HeldLease lease(fixture.services, "sweeper", base::Ulid::make(), lifetime,
                    [skew] { return HeldLease::since_boot() + skew; });
    std::mt19937 random(static_cast<unsigned>(number));
    std::vector<Belief> beliefs;
    auto pause = [&](base::Milliseconds max) {
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % static_cast<unsigned>(max)));
    };
    while (Steady::now() < over) {
        if (!lease.keep()) {
            pause(5);
            continue;
        }
        Belief belief{number, Steady::now(), {}};
        for (;;) {
            pause(random() % 8 == 0 ? 2 * lifetime : 10);
            const Steady::time_point now = Steady::now();
            if (!lease.is_mine()) break;
            belief.end = now;
        }
        if (belief.end > belief.begin) beliefs.push_back(belief);
        if (random() % 4 == 0) lease.release();
    }
    return beliefs;
}

}  // namespace

TEST_CASE("paused and skewed nodes never believe at the same time that they hold a lease", "[lease]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const Steady::time_point over = Steady::now() + std::chrono::seconds(4);
    std::vector<std::vector<Belief>> of_each(4);
    {
        std::vector<std::jthread> nodes;
        for (int i = 0; i < 4; ++i)
            nodes.emplace_back([&, i] { of_each[static_cast<std::size_t>(i)] = live(fixture, i, 200, over); });
    }
    std::vector<Belief> all;
    for (const auto& one : of_each) all.insert(all.end(), one.begin(), one.end());
    std::sort(all.begin(), all.end(), [](const Belief& a, const Belief& b) { return a.begin < b.begin; });
    CHECK(all.size() >= 5);
    int overlaps = 0, changes = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
        overlaps += all[i].holder != all[i - 1].holder && all[i].begin <= all[i - 1].end ? 1 : 0;
        changes += all[i].holder != all[i - 1].holder ? 1 : 0;
    }
    CHECK(overlaps == 0);
    CHECK(changes >= 2);
}

TEST_CASE("a holder's belief ends before its lease, and is renewed before that", "[lease]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    base::Milliseconds now = -5'000;
    HeldLease one(fixture.services, "sweeper", base::Ulid::make(), 60'000, [&] { return now; });
    HeldLease other(fixture.services, "sweeper", base::Ulid::make(), 60'000);
    CHECK_FALSE(one.is_mine());
    CHECK(one.keep());
    CHECK_FALSE(other.keep());
    now += 53'000;
    CHECK(one.is_mine());
    now += 1'000;
    CHECK_FALSE(one.is_mine());  // of the 60 s on the database's clock some are left
    CHECK(fixture.catalog.number(kLeft) > 0);
    CHECK(one.keep());  // no other node took it
    now += 30'000;
    CHECK(one.keep());
    now += 30'000;
    CHECK(one.is_mine());
    one.suspend();
    CHECK_FALSE(one.is_mine());
    CHECK_FALSE(one.keep());
    CHECK(other.keep());
    one.allow();
    CHECK_FALSE(one.keep());
    other.release();
    CHECK(one.keep());
}
