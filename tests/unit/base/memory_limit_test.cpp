#include "base/memory_limit.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "support/temp_folder.h"

using namespace bodega;

namespace {

// A fake /sys/fs/cgroup, and a fake /proc/self/cgroup beside it.
struct Groups {
    void write(const std::string& path, const std::string& text) const {
        const std::filesystem::path file = folder / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text << "\n";
    }
    std::optional<base::MemoryLimit> limit() const { return base::memory_limit(folder / "fs", folder / "self"); }

    test::TempFolder folder;
};

constexpr std::int64_t kMiB = 1 << 20;

std::string mib(std::int64_t count) { return std::to_string(count * kMiB); }

}  // namespace

TEST_CASE("the memory limit of control groups version 2", "[base]") {
    const Groups groups;
    groups.write("self", "0::/machine/bodega.service");
    CHECK_FALSE(groups.limit());
    groups.write("fs/machine/bodega.service/memory.max", "max");
    CHECK_FALSE(groups.limit());

    groups.write("fs/machine/bodega.service/memory.max", mib(64));
    groups.write("fs/machine/bodega.service/memory.current", mib(50));
    groups.write("fs/machine/bodega.service/memory.stat",
                 "anon 1\nfile 2\ninactive_file " + mib(10) + "\nactive_file " + mib(20));
    auto limit = groups.limit();
    REQUIRE(limit);
    CHECK(limit->max == 64 * kMiB);
    CHECK(limit->left == 44 * kMiB);

    // The parent group has less left.
    groups.write("fs/machine/memory.max", mib(1024));
    groups.write("fs/machine/memory.current", mib(1020));
    limit = groups.limit();
    REQUIRE(limit);
    CHECK(limit->max == 64 * kMiB);
    CHECK(limit->left == 4 * kMiB);
}

TEST_CASE("a container that sees its own group as the root has that group's limit", "[base]") {
    const Groups groups;
    groups.write("self", "0::/docker/0123456789");
    groups.write("fs/memory.max", mib(128));
    groups.write("fs/memory.current", mib(200));  // for a moment, while the kernel drops pages
    const auto limit = groups.limit();
    REQUIRE(limit);
    CHECK(limit->max == 128 * kMiB);
    CHECK(limit->left == 0);
}

TEST_CASE("the memory limit of control groups version 1", "[base]") {
    const Groups groups;
    groups.write("self", "11:cpu,cpuacct:/x\n4:hugetlb,memory:/a/b\n0::/");
    groups.write("fs/memory/memory.limit_in_bytes", "9223372036854771712");
    CHECK_FALSE(groups.limit());
    groups.write("fs/memory/a/b/memory.limit_in_bytes", mib(256));
    groups.write("fs/memory/a/b/memory.usage_in_bytes", mib(100));
    groups.write("fs/memory/a/b/memory.stat",
                 "active_file 5\ntotal_active_file " + mib(1) + "\ntotal_inactive_file " + mib(3));
    const auto limit = groups.limit();
    REQUIRE(limit);
    CHECK(limit->max == 256 * kMiB);
    CHECK(limit->left == 160 * kMiB);
}
