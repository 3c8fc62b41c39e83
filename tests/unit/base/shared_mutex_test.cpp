#include "base/shared_mutex.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <thread>

namespace bodega::base {
namespace {

TEST_CASE("several readers hold a shared mutex at once", "[base]") {
    SharedMutex mutex;
    const ReadLock lock(mutex);
    bool read = false;
    std::thread([&] {
        const ReadLock other(mutex);
        read = true;
    }).join();
    CHECK(read);
}

TEST_CASE("a writer waits for the readers, and readers for the writer", "[base]") {
    SharedMutex mutex;
    std::atomic<bool> wrote = false;
    std::thread writer;
    {
        const ReadLock lock(mutex);
        writer = std::thread([&] {
            const WriteLock write(mutex);
            wrote = true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        CHECK_FALSE(wrote);
    }
    writer.join();
    CHECK(wrote);
    std::atomic<bool> read = false;
    std::thread reader;
    {
        const WriteLock lock(mutex);
        reader = std::thread([&] {
            const ReadLock other(mutex);
            read = true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        CHECK_FALSE(read);
    }
    reader.join();
    CHECK(read);
}

}  // namespace
}  // namespace bodega::base
