#include "net/timer_wheel.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <vector>

using namespace bodega::edge;

namespace {

class Alarm final : public Wheel::Entry {
public:
    int rings = 0;

private:
    void on_deadline() noexcept override { ++rings; }
};

}  // namespace

TEST_CASE("a deadline passes once, never early", "[edge][wheel]") {
    Wheel wheel(1000);
    Alarm alarm;
    wheel.arm(alarm, 1100);
    wheel.advance(1099);
    CHECK(alarm.rings == 0);
    wheel.advance(1100 + Wheel::kTick);
    CHECK(alarm.rings == 1);
    wheel.advance(5000);
    CHECK(alarm.rings == 1);
}

TEST_CASE("a deadline can be moved both ways and dropped", "[edge][wheel]") {
    Wheel wheel(0);
    Alarm later;
    Alarm sooner;
    Alarm never;
    wheel.arm(later, 100);
    wheel.arm(later, 500);
    wheel.arm(sooner, 500);
    wheel.arm(sooner, 100);
    wheel.arm(never, 100);
    wheel.arm(never, kNever);
    wheel.advance(200);
    CHECK(later.rings == 0);
    CHECK(sooner.rings == 1);
    wheel.advance(600);
    CHECK(later.rings == 1);
    CHECK(never.rings == 0);
    CHECK(wheel.next() == kNever);
}

TEST_CASE("deadlines beyond the wheel's turn", "[edge][wheel]") {
    Wheel wheel(0);
    Alarm alarm;
    constexpr Moment kFar = Wheel::kTick * static_cast<Moment>(Wheel::kSlots) * 3 + 5;
    wheel.arm(alarm, kFar);
    for (Moment now = 0; now < kFar; now += 40) wheel.advance(now);
    CHECK(alarm.rings == 0);
    wheel.advance(kFar + Wheel::kTick);
    CHECK(alarm.rings == 1);
}

TEST_CASE("a deadline already past comes with the next tick", "[edge][wheel]") {
    Wheel wheel(1000);
    Alarm alarm;
    wheel.arm(alarm, 10);
    CHECK(wheel.next() <= 1000 + 2 * Wheel::kTick);
    wheel.advance(1000 + 2 * Wheel::kTick);
    CHECK(alarm.rings == 1);
}

TEST_CASE("a destroyed entry is forgotten", "[edge][wheel]") {
    Wheel wheel(0);
    {
        Alarm alarm;
        wheel.arm(alarm, 50);
    }
    CHECK(wheel.next() == kNever);
    wheel.advance(1000);
}

TEST_CASE("random deadlines against a plain model", "[edge][wheel]") {
    std::mt19937 random(7);
    Moment now = 123456;
    Wheel wheel(now);
    std::vector<Alarm> alarms(200);
    std::vector<Moment> model(alarms.size(), kNever);
    for (int step = 0; step < 5000; ++step) {
        std::size_t which = random() % alarms.size();
        model[which] = random() % 4 == 0 ? kNever : now + static_cast<Moment>(random() % 40000);
        wheel.arm(alarms[which], model[which]);
        now += static_cast<Moment>(random() % 200);
        std::vector<int> before;
        for (const Alarm& alarm : alarms) before.push_back(alarm.rings);
        wheel.advance(now);
        for (std::size_t i = 0; i < alarms.size(); ++i) {
            bool rang = alarms[i].rings > before[i];
            if (rang) REQUIRE(model[i] <= now);
            if (model[i] <= now - Wheel::kTick) REQUIRE(rang);
            if (rang) model[i] = kNever;
        }
        Moment soonest = kNever;
        for (Moment deadline : model) soonest = std::min(soonest, deadline);
        if (soonest != kNever) REQUIRE(wheel.next() <= soonest + Wheel::kTick);
    }
}
