// The order in which callers may hash a password.
#include "app/auth/hash_queue.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"

namespace bodega::app {
namespace {

using Rank = HashQueue::Rank;

// Callers on separate threads, in the order of their turns.
class Callers {
public:
    ~Callers() {
        for (std::thread& thread : threads_) thread.join();
    }

    // Returns when the caller waits, or is refused.
    void enter(HashQueue::Caller caller) {
        const std::size_t waiting = queue.waiting(), before = refused;
        threads_.emplace_back([this, caller = std::move(caller)] {
            try {
                const HashQueue::Turn turn(queue, caller);
                const std::lock_guard lock(mutex_);
                order_.push_back(caller.network);
            } catch (const base::Error&) {
                ++refused;
            }
        });
        while (queue.waiting() == waiting && refused == before) std::this_thread::yield();
    }
    std::vector<std::string> order() {
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
        return order_;
    }

    HashQueue queue{1};
    std::atomic<std::size_t> refused{0};

private:
    std::mutex mutex_;
    std::vector<std::string> order_;
    std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("turns are fair among networks, and known devices go first") {
    Callers callers;
    {
        const HashQueue::Turn held(callers.queue, {});
        for (int i = 0; i < 3; ++i) callers.enter({"a", Rank::unknown});
        callers.enter({"b", Rank::unknown});
        callers.enter({"c", Rank::slowed});
        callers.enter({"d", Rank::known});
    }
    CHECK(callers.order() == std::vector<std::string>{"d", "a", "b", "a", "a", "c"});
    CHECK(callers.refused == 0);
}

TEST_CASE("a network that fills the queue does not block other networks") {
    Callers callers;
    {
        const HashQueue::Turn held(callers.queue, {});
        for (int i = 0; i < 64; ++i) callers.enter({"flood", Rank::unknown});
        callers.enter({"flood", Rank::unknown});
        CHECK(callers.refused == 1);  // it has its share
        callers.enter({"x", Rank::unknown});
        callers.enter({"y", Rank::known});
        CHECK(callers.refused == 3);
        CHECK(callers.queue.waiting() == 64);
    }
    const std::vector<std::string> order = callers.order();
    REQUIRE(order.size() == 64);
    CHECK(order[0] == "y");
    CHECK((order[1] == "x" || order[2] == "x"));
}

TEST_CASE("a delayed caller gets no turn before its time, and does not delay others") {
    HashQueue queue(1);
    const auto began = base::Steady::now();
    std::thread slowed([&] {
        const HashQueue::Turn turn(queue, {"a", Rank::slowed, std::chrono::milliseconds(200)});
        CHECK(base::Steady::now() - began >= std::chrono::milliseconds(200));
    });
    while (queue.waiting() == 0) std::this_thread::yield();
    { const HashQueue::Turn turn(queue, {"b", Rank::unknown}); }
    CHECK(base::Steady::now() - began < std::chrono::milliseconds(200));
    slowed.join();
}

}  // namespace bodega::app
