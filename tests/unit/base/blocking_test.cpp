#include "base/blocking.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega {
namespace {

struct Count final : base::Blocking::Watcher {
    void begin_blocking() noexcept override { ++begun; }
    void end_blocking() noexcept override { ++ended; }
    int begun = 0, ended = 0;
};

}  // namespace

TEST_CASE("nested waits count once, and only on a watched thread") {
    Count count;
    { const base::Blocking waits; }
    base::Blocking::watch_this_thread(&count);
    {
        const base::Blocking waits;
        const base::Blocking nested;
        CHECK(count.begun == 1);
        CHECK(count.ended == 0);
    }
    CHECK(count.ended == 1);
    { const base::Blocking again; }
    CHECK(count.begun == 2);
    base::Blocking::watch_this_thread(nullptr);
    { const base::Blocking waits; }
    CHECK(count.begun == 2);
    CHECK(count.ended == 2);
}

}  // namespace bodega
