#include "cli/progress.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::cli;

namespace {
constexpr std::int64_t kMiB = 1 << 20;
}

TEST_CASE("a progress line shows share, speed and time left", "[cli]") {
    CHECK(progress_line({"export", 340, 50 * kMiB, 200 * kMiB, 10'000}) ==
          "export: 50 MiB of 200 MiB (25%), 340 files, 5.0 MiB/s, 30 s left");
    CHECK(progress_line({"export", 1, 0, 0, 0}) == "export: 0 B of 0 B (0%), 1 file");
    CHECK(progress_line({"import", 2, 1536, -1, 1000}) == "import: 1.5 KiB, 2 files, 1.5 KiB/s");
    CHECK(progress_line({"fsck", 9, 10, 5, 400}) == "fsck: 10 B of 5 B (100%), 9 files");
}

TEST_CASE("the time left is shown once it can be estimated", "[cli]") {
    const auto tells = [](std::int64_t done, std::int64_t milliseconds) {
        return progress_line({"import", 1, done * kMiB, 1000 * kMiB, milliseconds}).ends_with(" left");
    };
    CHECK_FALSE(tells(1, 600));  // "10 min left" for work that ends in ten seconds
    CHECK_FALSE(tells(1, 10'000));
    CHECK_FALSE(tells(20, 1'000));
    CHECK(tells(20, 3'000));
    CHECK(tells(200, 600));
    CHECK(tells(1, 60'000));
}

TEST_CASE("a bar fits its terminal", "[cli]") {
    Work work{"export", 340, 50 * kMiB, 200 * kMiB, 10'000};
    CHECK(progress_bar(work, 100) ==
          "export  [##########..............................]   25%  340 files, 50 MiB  5.0 MiB/s  30 s left");
    for (int width : {1, 10, 40, 60, 80, 200}) {
        INFO(width);
        CHECK(progress_bar(work, width).size() < static_cast<std::size_t>(width));
    }
    work.all_bytes = -1;
    CHECK(progress_bar(work, 80) == "export  340 files, 50 MiB  5.0 MiB/s");
}

TEST_CASE("progress is counted in items where there are items", "[cli]") {
    Work work{.doing = "move", .files = 300, .bytes = 2 * kMiB, .milliseconds = 1000, .all_files = 1000, .each = "row"};
    CHECK(progress_line(work) == "move: 300 of 1000 rows (30%), 2.0 MiB, 2.0 MiB/s, 2 s left");
    CHECK(progress_bar(work, 70) == "move  [####...........]   30%  300 rows, 2.0 MiB  2.0 MiB/s  2 s left");
}

TEST_CASE("amounts", "[cli]") {
    CHECK(amount(1, 0) == "1 file, 0 B");
    CHECK(amount(2, 5 * kMiB * kMiB) == "2 files, 5.0 TiB");
    CHECK(amount(1000, 1023) == "1000 files, 1023 B");
}
