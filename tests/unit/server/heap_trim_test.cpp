#include "server/heap_trim.h"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <vector>

namespace bodega::server {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

}  // namespace

TEST_CASE("memory is returned when much more of it is unused than before") {
    HeapTrim trim;
    CHECK_FALSE(trim.is_due(40 * kMiB));  // free memory at the start is the program's normal use
    CHECK_FALSE(trim.is_due(60 * kMiB));
    CHECK(trim.is_due(70 * kMiB));
    CHECK_FALSE(trim.is_due(10 * kMiB));
    CHECK(trim.is_due(35 * kMiB));
}

TEST_CASE("free memory between used pieces is returned to the system") {
    HeapTrim trim;
    trim.look(resident_bytes());
    std::vector<std::unique_ptr<char[]>> pieces, kept;
    for (int i = 0; i < 64 * 1024; ++i) {
        pieces.push_back(std::make_unique<char[]>(2000));
        if (i % 16 == 0) kept.push_back(std::make_unique<char[]>(64));
    }
    const std::int64_t max = resident_bytes();
    pieces.clear();
    pieces.shrink_to_fit();
    trim.look(resident_bytes());
    CHECK(resident_bytes() < max - 80 * kMiB);
}

}  // namespace bodega::server
