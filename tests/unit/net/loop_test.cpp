#include "net/loop.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net/file_pool.h"
#include "net/task.h"
#include "net/wakeup.h"

using namespace bodega::net;

namespace {

Detached wait_once(Wakeup& wakeup, Moment deadline, std::vector<Wake>& out, Loop& loop) {
    Wake wake = co_await wakeup.wait(deadline);
    out.push_back(wake);
    loop.stop();
}

Task<int> failing() {
    throw std::runtime_error("inside");
    co_return 1;
}

Detached catch_it(std::string& out) {
    try {
        int value = co_await failing();
        out = std::to_string(value);
    } catch (const std::exception& e) {
        out = e.what();
    }
}

class Sleep final : public FileJob {
private:
    void run() noexcept override { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }
};

Detached run_job(FilePool& pool, Wakeup& wakeup, Moment deadline, std::vector<bool>& out, Loop& loop) {
    bool done = co_await pool.run(std::make_shared<Sleep>(), wakeup, deadline);
    out.push_back(done);
    loop.stop();
}

}  // namespace

TEST_CASE("a wait ends by its deadline, an event or a cancellation", "[net][loop]") {
    Loop loop;
    Wakeup wakeup(loop);
    std::vector<Wake> wakes;
    SECTION("deadline") {
        wait_once(wakeup, loop.now() + 20, wakes, loop);
        loop.run();
        CHECK(wakes == std::vector{Wake::deadline});
    }
    SECTION("event, posted by another thread") {
        wait_once(wakeup, kNever, wakes, loop);
        std::thread other([&] { loop.post([&] { wakeup.notify(); }); });
        loop.run();
        other.join();
        CHECK(wakes == std::vector{Wake::event});
    }
    SECTION("cancelled, and every later wait at once") {
        wait_once(wakeup, kNever, wakes, loop);
        loop.post([&] { wakeup.cancel(); });
        loop.run();
        wait_once(wakeup, kNever, wakes, loop);
        CHECK(wakes == std::vector{Wake::cancelled, Wake::cancelled});
    }
}

TEST_CASE("an exception passes from a task to the coroutine that awaits it", "[net][loop]") {
    std::string what;
    catch_it(what);
    CHECK(what == "inside");
}

TEST_CASE("a job of the pool ends, or is abandoned at its deadline", "[net][loop]") {
    Loop loop;
    FilePool pool(1);
    Wakeup wakeup(loop);
    std::vector<bool> done;
    SECTION("in time") { run_job(pool, wakeup, loop.now() + 5000, done, loop); }
    SECTION("too late") { run_job(pool, wakeup, loop.now() + 10, done, loop); }
    bool in_time = wakeup.loop().timers().next() > loop.now() + 1000;
    loop.run();
    CHECK(done == std::vector<bool>{in_time});
    pool.stop();
}
