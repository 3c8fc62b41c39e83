#include "net/timer_wheel.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <vector>

using namespace bodega::net;

namespace {

class Alarm final : public TimerWheel::Entry {
public:
    int rings = 0;

private:
    void on_deadline() noexcept override { ++rings; }
};

}  // namespace

TEST_CASE("a deadline expires once, never early", "[net][wheel]") {
    TimerWheel timers(1000);
    Alarm alarm;
    timers.arm(alarm, 1100);
    timers.advance(1099);
    CHECK(alarm.rings == 0);
    timers.advance(1100 + TimerWheel::kTick);
    CHECK(alarm.rings == 1);
    timers.advance(5000);
    CHECK(alarm.rings == 1);
}

TEST_CASE("a deadline can be moved both ways and dropped", "[net][wheel]") {
    TimerWheel timers(0);
    Alarm later;
    Alarm sooner;
    Alarm never;
    timers.arm(later, 100);
    timers.arm(later, 500);
    timers.arm(sooner, 500);
    timers.arm(sooner, 100);
    timers.arm(never, 100);
    timers.arm(never, kNever);
    timers.advance(200);
    CHECK(later.rings == 0);
    CHECK(sooner.rings == 1);
    timers.advance(600);
    CHECK(later.rings == 1);
    CHECK(never.rings == 0);
    CHECK(timers.next() == kNever);
}

TEST_CASE("deadlines beyond one turn of the wheel", "[net][wheel]") {
    TimerWheel timers(0);
    Alarm alarm;
    constexpr Moment kFar = TimerWheel::kTick * static_cast<Moment>(TimerWheel::kSlots) * 3 + 5;
    timers.arm(alarm, kFar);
    for (Moment now = 0; now < kFar; now += 40) timers.advance(now);
    CHECK(alarm.rings == 0);
    timers.advance(kFar + TimerWheel::kTick);
    CHECK(alarm.rings == 1);
}

TEST_CASE("a past deadline expires with the next tick", "[net][wheel]") {
    TimerWheel timers(1000);
    Alarm alarm;
    timers.arm(alarm, 10);
    CHECK(timers.next() <= 1000 + 2 * TimerWheel::kTick);
    timers.advance(1000 + 2 * TimerWheel::kTick);
    CHECK(alarm.rings == 1);
}

TEST_CASE("a destroyed entry is forgotten", "[net][wheel]") {
    TimerWheel timers(0);
    {
        Alarm alarm;
        timers.arm(alarm, 50);
    }
    CHECK(timers.next() == kNever);
    timers.advance(1000);
}

TEST_CASE("random deadlines match a plain model", "[net][wheel]") {
    std::mt19937 random(7);
    Moment now = 123456;
    TimerWheel timers(now);
    std::vector<Alarm> alarms(200);
    std::vector<Moment> model(alarms.size(), kNever);
    for (int step = 0; step < 5000; ++step) {
        std::size_t which = random() % alarms.size();
        model[which] = random() % 4 == 0 ? kNever : now + static_cast<Moment>(random() % 40000);
        timers.arm(alarms[which], model[which]);
        now += static_cast<Moment>(random() % 200);
        std::vector<int> before;
        for (const Alarm& alarm : alarms) before.push_back(alarm.rings);
        timers.advance(now);
        for (std::size_t i = 0; i < alarms.size(); ++i) {
            bool rang = alarms[i].rings > before[i];
            if (rang) REQUIRE(model[i] <= now);
            if (model[i] <= now - TimerWheel::kTick) REQUIRE(rang);
            if (rang) model[i] = kNever;
        }
        Moment soonest = kNever;
        for (Moment deadline : model) soonest = std::min(soonest, deadline);
        if (soonest != kNever) REQUIRE(timers.next() <= soonest + TimerWheel::kTick);
    }
}
