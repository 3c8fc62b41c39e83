#include "blobs/probe.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <thread>

#include "blobs/store.h"
#include "support/temp_folder.h"

namespace bodega::blobs {
namespace {

using namespace std::chrono_literals;

TEST_CASE("Probe: a directory that hangs is detected within the deadline, by one thread in all") {
    struct Mount {
        std::promise<void> back;
        std::shared_future<void> wait = back.get_future().share();
        std::atomic<int> inside = 0;
    };
    auto mount = std::make_shared<Mount>();  // two owners: the test, and the thread that hangs in it
    Probe probe([mount] {
        ++mount->inside;
        mount->wait.wait();
        return true;
    });
    auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(probe.answers(50ms));
    CHECK_FALSE(probe.answers(50ms));
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK(mount->inside == 1);
    mount->back.set_value();
    bool well = false;
    for (int i = 0; i < 200 && !well; ++i) {
        well = probe.answers(5s);
        std::this_thread::sleep_for(5ms);
    }
    CHECK(well);
}

TEST_CASE("Store: probes its directory, and reports when it is gone") {
    test::TempFolder folder;
    Store store(folder / "shared");
    CHECK(store.answers(5s));
    std::filesystem::remove_all(folder / "shared");
    CHECK_FALSE(store.answers(5s));
}

}  // namespace
}  // namespace bodega::blobs
