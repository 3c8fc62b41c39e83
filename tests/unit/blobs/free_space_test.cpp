#include "blobs/free_space.h"

#include <catch2/catch_test_macros.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "blobs/guarded_files.h"
#include "blobs/store.h"
#include "support/temp_folder.h"

using namespace bodega;
using base::Ulid;

namespace {

constexpr std::int64_t kMiB = 1 << 20;

class Disk : public blobs::FileOps {
public:
    int space(const char*, struct statvfs& out) override {
        ++looks;
        out = {};
        out.f_frsize = static_cast<unsigned long>(block);
        out.f_blocks = static_cast<fsblkcnt_t>(all);
        out.f_bavail = static_cast<fsblkcnt_t>(free);
        return fails ? -1 : 0;
    }

    std::int64_t block = kMiB, all = 1000, free = 500;
    bool fails = false;
    int looks = 0;
};

}  // namespace

TEST_CASE("uploads leave a reserve, at most a tenth of a small disk", "[blobs]") {
    struct Row {
        std::int64_t all, free, reserve;  // MiB
        std::int64_t free_space;          // MiB; -1: without a limit
        bool is_short;
    };
    for (const Row& row : {Row{1000, 500, 64, 436, false}, Row{1000, 127, 64, 63, true}, Row{1000, 64, 64, 0, true},
                           Row{1000, 10, 64, 0, true}, Row{100, 50, 64, 40, false}, Row{100, 19, 64, 9, true},
                           Row{1000, 3, 0, -1, false}}) {
        CAPTURE(row.all, row.free, row.reserve);
        Disk disk;
        disk.all = row.all, disk.free = row.free;
        blobs::FreeSpace free_space(disk, "/shared", row.reserve * kMiB);
        CHECK(free_space.look().is_short == row.is_short);
        const std::int64_t fits = row.free_space < 0 ? 5000 * kMiB : row.free_space * kMiB;
        CHECK_NOTHROW(free_space.require(fits));
        if (row.free_space >= 0) CHECK_THROWS_AS(free_space.require(fits + 1), base::Error);
        CHECK(free_space.take(fits));
        CHECK(free_space.take(1) == (row.free_space < 0));
    }
}

TEST_CASE("a file system that reports no size, or 8 EiB, counts as having room", "[blobs]") {
    Disk disk;
    blobs::FreeSpace free_space(disk, "/shared", 64 * kMiB);
    SECTION("it fails") { disk.fails = true; }
    SECTION("it knows no size") { disk.all = disk.free = 0; }
    SECTION("as EFS") { disk.all = disk.free = std::int64_t{1} << 43; }
    CHECK(free_space.take(5000 * kMiB));
    CHECK_FALSE(free_space.look().is_short);
}

TEST_CASE("many writes query the file system once", "[blobs]") {
    Disk disk;
    blobs::FreeSpace free_space(disk, "/shared", 64 * kMiB);
    for (int i = 0; i < 100; ++i) CHECK(free_space.take(kMiB));
    CHECK(disk.looks <= 3);
}

TEST_CASE("writes and copies into the reserve fail as on a full disk", "[blobs]") {
    const test::TempFolder folder;
    Disk disk;
    blobs::FreeSpace free_space(disk, folder / "shared", 64 * kMiB);
    blobs::GuardedFiles files(disk, &free_space);
    const blobs::Store store(folder / "shared", files);
    const Ulid from = Ulid::make();
    blobs::Incoming file = store.create_incoming(from);
    file.write(base::as_bytes("some"));
    file.sync();
    disk.free = 64;
    free_space.look();
    const auto code_of = [](auto call) {
        try {
            call();
        } catch (const base::Error& error) {
            return error.code();
        }
        return base::Code::internal;
    };
    CHECK(code_of([&] { file.write(base::as_bytes("more")); }) == base::Code::no_space);
    CHECK(code_of([&] { store.copy_incoming(from, Ulid::make(), 4, 0, [] { return true; }); }) == base::Code::no_space);
    CHECK(store.remove_incoming(from));
}
