#include "blobs/timed_file_ops.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "blobs/store.h"
#include "support/temp_folder.h"

namespace bodega::blobs {
namespace {

using namespace std::chrono_literals;

// A file system that hangs.
class HangingFiles : public FileOps {
public:
    void hang(bool on) {
        std::lock_guard lock(mutex_);
        hangs_ = on;
        changed_.notify_all();
    }
    int inside() const { return inside_; }
    int open_files() const { return open_; }

    int open(const char* path, int flags, mode_t mode) override {
        wait();
        int fd = FileOps::open(path, flags, mode);
        if (fd >= 0) ++open_;
        return fd;
    }
    ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset) override {
        wait();
        return FileOps::write_at(fd, from, size, offset);
    }
    int close(int fd) override {
        wait();
        --open_;
        return FileOps::close(fd);
    }
    void close_quietly(int fd) noexcept override {
        wait();
        --open_;
        FileOps::close_quietly(fd);
    }
    int status(const char* path, struct stat& out) override {
        wait();
        return FileOps::status(path, out);
    }
    int list(const char* path, std::vector<std::string>& names) override {
        wait();
        return FileOps::list(path, names);
    }
    int touch(int fd) override {
        wait();
        return FileOps::touch(fd);
    }

private:
    void wait() {
        std::unique_lock lock(mutex_);
        ++inside_;
        changed_.wait(lock, [this] { return !hangs_; });
        --inside_;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool hangs_ = false;  // protected by mutex_
    std::atomic<int> inside_ = 0, open_ = 0;
};

// Outlives the threads of TimedFileOps, as the kernel does.
HangingFiles& hanging_files() {
    static HangingFiles files;
    return files;
}

template <class Condition>
bool comes_true(Condition condition) {
    for (auto end = base::Steady::now() + 20s; base::Steady::now() < end; std::this_thread::sleep_for(2ms))
        if (condition()) return true;
    return false;
}

struct Mount {
    test::TempFolder folder;
    HangingFiles& below = hanging_files();
    TimedFileOps files{folder / "", {.threads = 4, .silence = 100ms}, below};
    ~Mount() {
        below.hang(false);
        comes_true([&] { return below.inside() == 0; });
    }
};

TEST_CASE("TimedFileOps: calls do the same as the kernel's") {
    Mount mount;
    Store store(mount.folder / "shared", mount.files);
    auto id = base::Ulid::make();
    Incoming file = store.create_durable_incoming(id);
    std::vector<std::uint8_t> bytes(300'000, 7);
    file.write(bytes);
    file.seal();
    store.publish(id, 300'000);
    std::vector<std::uint8_t> back(bytes.size());
    CHECK(store.open(id).read_at(back, 0) == bytes.size());
    CHECK(back == bytes);
    CHECK(store.size_of(base::Ulid::make()) == -1);
    CHECK(store.remove_blob(id));
    CHECK(mount.files.answers());
    CHECK(comes_true([&] { return mount.below.open_files() == 0; }));
}

TEST_CASE("TimedFileOps: listing a folder that hangs, or reading its clock, times out, and nobody waits for it") {
    Mount mount;
    Store store(mount.folder / "shared", mount.files);
    store.create_durable_incoming(base::Ulid::make());
    int found = 0;
    auto count = [&](const FileInfo&) { ++found; };
    store.list_incoming(count);
    CHECK(found == 1);
    CHECK(store.file_clock() > 0);
    mount.below.hang(true);
    const auto began = base::Steady::now();
    CHECK_THROWS_AS(store.list_incoming(count), base::Error);
    CHECK_THROWS_AS(store.list_blobs(0, count), base::Error);
    CHECK_THROWS_AS(store.file_clock(), base::Error);
    CHECK(base::Steady::now() - began < 10s);
}

TEST_CASE(
    "TimedFileOps: callers of a file system that hangs time out, few threads are blocked, and all recovers later") {
    Mount mount;
    std::string path = mount.folder / "file";
    int fd = mount.files.open(path.c_str(), O_WRONLY | O_CREAT, 0640);
    REQUIRE(fd >= 0);
    mount.below.hang(true);
    std::atomic<int> timed_out = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 20; ++i) {
            callers.emplace_back([&] {
                for (int k = 0; k < 5; ++k) {
                    struct stat found {};
                    if (mount.files.status(path.c_str(), found) == -1 && errno == ETIMEDOUT) ++timed_out;
                    if (mount.files.open(path.c_str(), O_RDONLY, 0) == -1 && errno == ETIMEDOUT) ++timed_out;
                    if (mount.files.write_at(fd, "x", 1, k) == -1 && errno == ETIMEDOUT) ++timed_out;
                }
            });
        }
    }
    CHECK(timed_out == 300);
    CHECK_FALSE(mount.files.answers());
    CHECK(mount.below.inside() <= 5);  // the watch's call counts as one
    CHECK(mount.files.close(fd) == -1);
    mount.below.hang(false);
    CHECK(comes_true([&] { return mount.files.answers(); }));
    struct stat found {};
    CHECK(mount.files.status(path.c_str(), found) == 0);
    // Files that were opened too late, and files that could not be closed in time, are closed.
    CHECK(comes_true([&] { return mount.below.open_files() == 0; }));
}

}  // namespace
}  // namespace bodega::blobs
