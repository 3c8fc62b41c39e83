#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

#include "base/fd.h"

using namespace bodega::base;

namespace {

// Captures standard error while it lives, through a pipe with a capacity of 64 KiB.
class Capture {
public:
    explicit Capture(log::Format format, log::Level least = log::Level::debug) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_NONBLOCK) == 0);
        read_ = Fd(ends[0]);
        Fd write(ends[1]);
        saved_ = Fd(::dup(STDERR_FILENO));
        ::dup2(write.get(), STDERR_FILENO);
        log::configure(least, format);
    }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    ~Capture() {
        ::dup2(saved_.get(), STDERR_FILENO);
        log::configure(log::Level::info, log::Format::text);
    }

    std::string text() {
        std::string out;
        std::array<char, 4096> piece{};
        for (ssize_t n = 0; (n = ::read(read_.get(), piece.data(), piece.size())) > 0;)
            out.append(piece.data(), static_cast<std::size_t>(n));
        return out;
    }

private:
    Fd read_;
    Fd saved_;
};

std::string json_string(std::string_view text) {
    std::string out;
    log::append_json_string(out, text);
    return out;
}

// The line without its time, which differs.
std::string after_time(const std::string& line) { return line.substr(line.find(' ') + 1); }

}  // namespace

TEST_CASE("a line of text names level, area, message and fields") {
    Capture capture(log::Format::text);
    log::warn("db", "the database is away", {{"attempt", 3}, {"host", "db 1"}, {"again", true}, {"empty", ""}});
    CHECK(after_time(capture.text()) ==
          "warn db: the database is away attempt=3 host=\"db 1\" again=true empty=\"\"\n");
}

TEST_CASE("a message or a field cannot break its line") {
    Capture capture(log::Format::text);
    log::info("web", "two\nlines", {{"name", "a\nb=\"c\""}, {"raw", std::string("\xff\x01")}});
    CHECK(after_time(capture.text()) == "info web: two lines name=\"a\\nb=\\\"c\\\"\" raw=\"\\ufffd\\u0001\"\n");
}

TEST_CASE("a line of JSON keeps numbers and booleans bare") {
    Capture capture(log::Format::json);
    log::error("db", "say \"no\"", {{"attempt", -3}, {"host", std::string("ñ")}, {"again", false}});
    std::string line = capture.text();
    CHECK(line.starts_with(R"({"time":"2)"));
    CHECK(line.ends_with(R"("level":"error","area":"db","message":"say \"no\"","attempt":-3,"host":"ñ","again":false})"
                         "\n"));
}

TEST_CASE("lines below the level are not written") {
    Capture capture(log::Format::text, log::Level::warn);
    log::debug("a", "no");
    log::info("a", "no");
    log::warn("a", "yes");
    CHECK(after_time(capture.text()) == "warn a: yes\n");
}

TEST_CASE("lines that a full pipe refuses are counted and nobody waits") {
    auto before = log::dropped();
    Capture capture(log::Format::text);
    std::string filler(4000, 'x');
    for (int i = 0; i < 40; ++i) log::info("a", filler);
    CHECK(log::dropped() > before);
}

TEST_CASE("lines of many threads never mix") {
    Capture capture(log::Format::text);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([] {
            for (int i = 0; i < 100; ++i) log::info("a", "0123456789");
        });
    for (auto& thread : threads) thread.join();
    std::string text = capture.text();
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        std::size_t end = text.find('\n', at);
        REQUIRE(after_time(text.substr(at, end - at)) == "info a: 0123456789");
        at = end + 1;
    }
    CHECK(lines == 400);
}

TEST_CASE("JSON strings escape what RFC 8259 says") {
    CHECK(json_string("") == R"("")");
    CHECK(json_string("a\"b\\c\n\t") == R"("a\"b\\c\n\t")");
    CHECK(json_string(std::string_view("\0\x1f\x7f", 3)) == R"("\u0000\u001f\u007f")");
    CHECK(json_string("ñ€😀") == "\"ñ€😀\"");
    CHECK(json_string("a\xC3") == R"("a\ufffd")");
}

TEST_CASE("in text with invalid UTF-8 only the invalid bytes are replaced") {
    CHECK(json_string("ñ\xFFñ") == "\"ñ\\ufffdñ\"");
    CHECK(json_string("\xE2\x82"
                      "a") == "\"\\ufffd\\ufffda\"");
}
