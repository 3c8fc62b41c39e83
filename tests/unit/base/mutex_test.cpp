// Mutexes, their locks and conditions. That clang finds a field used without its mutex is tested in
// tests/deploy/build_tools.py.
#include "base/mutex.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace bodega::base {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Whether another thread could lock it now.
bool is_free(Mutex& mutex) {
    bool free = false;
    std::thread([&] {
        if (!mutex.try_lock()) return;
        free = true;
        mutex.unlock();
    }).join();
    return free;
}

class Counter {
public:
    void add() {
        const MutexLock lock(mutex_);
        ++value_;
        changed_.notify_all();
    }
    int value() const {
        const MutexLock lock(mutex_);
        return value_;
    }
    void wait_for_value(int value) {
        const MutexLock lock(mutex_);
        changed_.wait(mutex_, [&]() REQUIRES(mutex_) { return value_ >= value; });
    }
    bool has_value_within(int value, milliseconds limit) {
        const MutexLock lock(mutex_);
        return changed_.wait_for(mutex_, limit, [&]() REQUIRES(mutex_) { return value_ >= value; });
    }
    Mutex& mutex() { return mutex_; }

private:
    mutable Mutex mutex_;
    Condition changed_;
    int value_ GUARDED_BY(mutex_) = 0;
};

// A function that gives its caller's mutex away for a while, and may fail meanwhile.
void without(Mutex& mutex, const std::function<void()>& work) REQUIRES(mutex) {
    const MutexUnlock unlocked(mutex);
    work();
}

TEST_CASE("threads that add under a lock lose no addition", "[base]") {
    Counter counter;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 5000; ++n) counter.add();
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(counter.value() == 20'000);
}

TEST_CASE("a lock holds its mutex to the end of its scope, except between unlock and lock", "[base]") {
    Mutex mutex;
    {
        MutexLock lock(mutex);
        CHECK_FALSE(is_free(mutex));
        lock.unlock();
        CHECK(is_free(mutex));
        lock.lock();
        CHECK_FALSE(is_free(mutex));
    }
    CHECK(is_free(mutex));
    {
        MutexLock lock(mutex);
        lock.unlock();
    }
    CHECK(is_free(mutex));
}

TEST_CASE("a lock takes over a mutex that try_lock has locked", "[base]") {
    Mutex mutex;
    bool locked = mutex.try_lock();
    REQUIRE(locked);
    if (locked) {
        const MutexLock lock(mutex, std::adopt_lock);
        CHECK_FALSE(is_free(mutex));
    }
    CHECK(is_free(mutex));
}

TEST_CASE("a mutex that was given away for a while is held again afterwards, after an exception too", "[base]") {
    Mutex mutex;
    const MutexLock lock(mutex);
    bool was_free = false;
    without(mutex, [&] { was_free = is_free(mutex); });
    CHECK(was_free);
    CHECK_FALSE(is_free(mutex));
    CHECK_THROWS_AS(without(mutex, [] { throw std::runtime_error("failed"); }), std::runtime_error);
    CHECK_FALSE(is_free(mutex));
}

TEST_CASE("a wait ends when its condition holds, and the caller has the mutex", "[base]") {
    Counter counter;
    std::thread other([&] {
        for (int i = 0; i < 3; ++i) counter.add();
    });
    counter.wait_for_value(3);
    CHECK(counter.value() == 3);
    CHECK(is_free(counter.mutex()));
    other.join();
}

TEST_CASE("a wait with a limit says whether its condition came to hold", "[base]") {
    Counter counter;
    const auto began = Steady::now();
    CHECK_FALSE(counter.has_value_within(1, milliseconds(30)));
    CHECK(Steady::now() - began >= milliseconds(30));
    counter.add();
    CHECK(counter.has_value_within(1, milliseconds(0)));
}

TEST_CASE("a wait until a time returns false once the time has come, with the mutex held", "[base]") {
    Mutex mutex;
    Condition changed;
    const auto until = Steady::now() + milliseconds(30);
    const MutexLock lock(mutex);
    while (changed.wait_until(mutex, until)) continue;  // may wake up before
    CHECK(Steady::now() >= until);
    CHECK_FALSE(is_free(mutex));
    CHECK_FALSE(changed.wait_until(mutex, until, [] { return false; }));
    CHECK(changed.wait_until(mutex, until, [] { return true; }));
}

TEST_CASE("a predicate that throws ends its wait, and the caller still has the mutex", "[base]") {
    Mutex mutex;
    Condition changed;
    const MutexLock lock(mutex);
    CHECK_THROWS_AS(changed.wait(mutex, []() -> bool { throw std::runtime_error("failed"); }), std::runtime_error);
    CHECK_FALSE(is_free(mutex));
}

}  // namespace
}  // namespace bodega::base
