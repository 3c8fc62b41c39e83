// Log lines pass a queue to a file or a pipe: files are rotated and reopened, lines may be dropped and counted; nobody
// waits.
#include "base/log_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/fd.h"
#include "base/log_file.h"
#include "base/log_stream.h"
#include "support/temp_folder.h"

using namespace bodega::base;
using bodega::test::TempFolder;
using namespace std::chrono_literals;

namespace {

const std::atomic<bool> kNoHurry{false};

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

template <class What>
bool eventually(What what) {
    for (int i = 0; i < 2000 && !what(); ++i) std::this_thread::sleep_for(5ms);
    return what();
}

LogFile::Rotation by_size(std::int64_t size, int keep = 3) { return {size, 0ms, keep}; }

// A sink that blocks until it is released.
class SlowSink final : public LogSink {
public:
    explicit SlowSink(std::atomic<bool>& open) : open_(open) {}
    std::size_t write(std::string_view lines, const std::atomic<bool>& hurry) override {
        while (!open_ && !hurry) std::this_thread::sleep_for(1ms);
        return open_ ? 0 : static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    }
    void reopen() override {}

private:
    std::atomic<bool>& open_;
};

}  // namespace

TEST_CASE("lines of many threads reach the file whole, and the destructor waits for them") {
    TempFolder folder;
    {
        LogWriter writer("access", std::make_unique<LogFile>(folder / "a.log", by_size(1 << 30)), 1 << 20);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) writer.write("0123456789\n");
            });
        for (std::thread& thread : threads) thread.join();
        CHECK(writer.dropped() == 0);
    }
    std::string text = content(folder / "a.log");
    CHECK(text.size() == 4000 * 11);
    for (std::size_t at = 0; at < text.size(); at += 11) REQUIRE(text.substr(at, 11) == "0123456789\n");
}

TEST_CASE("lines that do not fit into the queue are dropped and counted, and nobody waits") {
    std::atomic<bool> open{false};
    LogWriter writer("access", std::make_unique<SlowSink>(open), 1000);
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 1000; ++i) writer.write("0123456789\n");
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    // At most one batch is in the sink and a full queue waits.
    CHECK(writer.dropped() >= 1000 - 2 * 1000 / 11);
    open = true;
}

TEST_CASE("a reader that hangs does not delay the destructor") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);  // blocking, as a service manager's is
    Fd read(ends[0]), write(ends[1]);
    auto begin = std::chrono::steady_clock::now();
    {
        LogWriter writer("access", std::make_unique<LogStream>(write.get()), 4 << 20);
        std::string line(1000, 'x');
        for (int i = 0; i < 1000; ++i) writer.write(line + "\n");
    }
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("writes to a pipe are whole lines of at most PIPE_BUF bytes") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_DIRECT) == 0);  // one packet for each write
    Fd read(ends[0]), write(ends[1]);
    LogStream stream(write.get());
    std::string lines;
    for (int i = 0; i < 20; ++i) lines += std::string(999, 'x') + "\n";
    CHECK(stream.write(lines, kNoHurry) == 0);
    std::array<char, 8192> packet{};
    for (int i = 0; i < 5; ++i) {
        ssize_t n = ::read(read.get(), packet.data(), packet.size());
        REQUIRE(n == 4000);
        CHECK(packet[3999] == '\n');
    }
}

TEST_CASE("a file is rotated by its size, and the number of old files is limited") {
    TempFolder folder;
    std::string path = folder / "a.log";
    LogFile file(path, by_size(100, 2));
    for (int i = 0; i < 5; ++i) CHECK(file.write(std::string(79, static_cast<char>('a' + i)) + "\n", kNoHurry) == 0);
    CHECK(content(path)[0] == 'e');
    CHECK(content(path + ".1")[0] == 'd');
    CHECK(content(path + ".2")[0] == 'c');
    CHECK_FALSE(std::filesystem::exists(path + ".3"));
}

TEST_CASE("when rotate_keep shrinks, surplus old files are removed") {
    TempFolder folder;
    std::string path = folder / "a.log";
    for (int i = 1; i <= 5; ++i) std::ofstream(path + "." + std::to_string(i)) << i;
    std::ofstream(path) << "now\n";
    LogFile file(path, by_size(1, 2));
    file.write("later\n", kNoHurry);
    CHECK(content(path) == "later\n");
    CHECK(content(path + ".1") == "now\n");
    CHECK(content(path + ".2") == "1");
    for (int i = 3; i <= 5; ++i) CHECK_FALSE(std::filesystem::exists(path + "." + std::to_string(i)));
}

TEST_CASE("a file is rotated once its day is over, also one of an earlier run") {
    TempFolder folder;
    std::string path = folder / "a.log";
    std::ofstream(path) << "yesterday\n";
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - 25h);
    LogFile file(path, {1 << 30, 24h, 3});
    file.write("today\n", kNoHurry);
    file.write("today\n", kNoHurry);
    CHECK(content(path) == "today\ntoday\n");
    CHECK(content(path + ".1") == "yesterday\n");
}

TEST_CASE("after a reopen a renamed log file is created again under its name") {
    TempFolder folder;
    std::string path = folder / "a.log";
    LogWriter writer("access", std::make_unique<LogFile>(path, by_size(1 << 20)), 1 << 20);
    writer.write("one\n");
    REQUIRE(eventually([&] { return content(path) == "one\n"; }));
    std::filesystem::rename(path, path + ".moved");
    writer.reopen();
    REQUIRE(eventually([&] { return std::filesystem::exists(path); }));
    writer.write("two\n");
    CHECK(eventually([&] { return content(path) == "two\n"; }));
    CHECK(content(path + ".moved") == "one\n");
}

TEST_CASE("lines that the disk refuses are dropped and counted, and a partial line is terminated") {
    LogFile full("/dev/full", by_size(1 << 20));
    CHECK(full.write("a\nb\nc\n", kNoHurry) == 3);
    CHECK_THROWS_AS(LogFile("/nowhere/a.log", by_size(1)), Error);
}
