#include "net/loop.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net/file_pool.h"
#include "net/task.h"
#include "net/wakeup.h"

using namespace bodega::edge;

namespace {

Detached wait_once(Waiter& waiter, Moment deadline, std::vector<Wake>& out, Loop& loop) {
    Wake wake = co_await waiter.wait(deadline);
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

Detached run_job(FilePool& pool, Waiter& waiter, Moment deadline, std::vector<bool>& out, Loop& loop) {
    bool done = co_await pool.run(std::make_shared<Sleep>(), waiter, deadline);
    out.push_back(done);
    loop.stop();
}

}  // namespace

TEST_CASE("a wait ends by its deadline, an event or its end", "[edge][loop]") {
    Loop loop;
    Waiter waiter(loop);
    std::vector<Wake> wakes;
    SECTION("deadline") {
        wait_once(waiter, loop.now() + 20, wakes, loop);
        loop.run();
        CHECK(wakes == std::vector{Wake::deadline});
    }
    SECTION("event, posted by another thread") {
        wait_once(waiter, kNever, wakes, loop);
        std::thread other([&] { loop.post([&] { waiter.notify(); }); });
        loop.run();
        other.join();
        CHECK(wakes == std::vector{Wake::event});
    }
    SECTION("cancelled, and every later wait at once") {
        wait_once(waiter, kNever, wakes, loop);
        loop.post([&] { waiter.cancel(); });
        loop.run();
        wait_once(waiter, kNever, wakes, loop);
        CHECK(wakes == std::vector{Wake::cancelled, Wake::cancelled});
    }
}

TEST_CASE("an exception passes from a task to who awaits it", "[edge][loop]") {
    std::string what;
    catch_it(what);
    CHECK(what == "inside");
}

TEST_CASE("a job of the pool ends, or is left behind at its deadline", "[edge][loop]") {
    Loop loop;
    FilePool pool(1);
    Waiter waiter(loop);
    std::vector<bool> done;
    SECTION("in time") { run_job(pool, waiter, loop.now() + 5000, done, loop); }
    SECTION("too late") { run_job(pool, waiter, loop.now() + 10, done, loop); }
    bool in_time = waiter.loop().wheel().next() > loop.now() + 1000;
    loop.run();
    CHECK(done == std::vector<bool>{in_time});
    pool.stop();
}
