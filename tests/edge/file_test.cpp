// X-Accel-Redirect: file bytes, ranges, data that is not cached, missing files.
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kGet = "GET /api/f HTTP/1.1\r\nHost: h\r\n";

// An app that answers every request with X-Accel-Redirect to this location.
class Pointing {
public:
    explicit Pointing(EdgeFixture& fixture, std::string location, std::string extra = "")
        : recorder_([location, extra](const Seen&) {
              return ok("", "X-Accel-Redirect: " + location + "\r\n" + extra +
                                "Content-Type: text/plain\r\nETag: \"tag\"\r\n"
                                "Last-Modified: Tue, 24 Nov 2026 03:04:05 GMT\r\n");
          }),
          app_(fixture.socket(), std::ref(recorder_)) {}

private:
    Recorder recorder_;
    RawUpstream app_;
};

void evict(const std::string& path) {
    base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ::fsync(fd.get());
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
}

}  // namespace

TEST_CASE("a file of any size is sent byte for byte", "[edge]") {
    EdgeFixture fixture;
    for (std::size_t size : {0UL, 1UL, 10240UL, 16384UL, 16385UL, 1UL << 20, (9UL << 20) + 17}) {
        INFO(size);
        std::string bytes = random_bytes(size, 3);
        std::string name = "ab/cd/F" + std::to_string(size);
        fixture.blob(name, bytes);
        Pointing app(fixture, "/_blobs/" + name, "Content-Disposition: attachment\r\n");
        RawClient client = fixture.client();
        Reply reply = client.ask(std::string(kGet) + "\r\n");
        CHECK(reply.status == 200);
        CHECK(reply.body == bytes);
        CHECK(reply.field("etag") == "\"tag\"");
        CHECK(reply.field("content-type") == "text/plain");
        CHECK(reply.field("content-disposition") == "attachment");
        CHECK(reply.field("accept-ranges") == "bytes");
        CHECK(reply.head.find("X-Accel") == std::string::npos);
        reply = client.ask("HEAD /api/f HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD");
        CHECK(reply.field("content-length") == std::to_string(size));
        CHECK(client.ask(std::string(kGet) + "\r\n").body == bytes);
    }
}

TEST_CASE("data that is not in the page cache is read by the pool", "[edge]") {
    EdgeFixture fixture;
    std::string bytes = random_bytes((5 << 20) + 1234, 4);
    std::string path = fixture.blob("ab/cd/F", bytes);
    Pointing app(fixture, "/_blobs/ab/cd/F");
    RawClient client = fixture.client();
    evict(path);
    Reply reply = client.ask(std::string(kGet) + "\r\n");
    CHECK(reply.body == bytes);
    evict(path);
    reply = client.ask(std::string(kGet) + "Range: bytes=4000000-4000099\r\n\r\n");
    CHECK(reply.body == bytes.substr(4000000, 100));
}

TEST_CASE("a slow reader gets a complete file", "[edge]") {
    EdgeFixture fixture;
    std::string bytes = random_bytes(3 << 20, 5);
    fixture.blob("ab/cd/F", bytes);
    Pointing app(fixture, "/_blobs/ab/cd/F");
    RawClient client = fixture.client(8192);
    client.send(std::string(kGet) + "\r\n");
    client.receive_until("\r\n\r\n");
    std::string got;
    while (got.size() < bytes.size()) {
        std::string more = client.receive(20000);
        REQUIRE(!more.empty());
        got += more;
    }
    CHECK(got == bytes);
}

TEST_CASE("ranges of a file", "[edge]") {
    EdgeFixture fixture;
    std::string bytes = random_bytes(100000, 6);
    fixture.blob("ab/cd/F", bytes);
    Pointing app(fixture, "/_blobs/ab/cd/F");
    RawClient client = fixture.client();
    auto ask = [&](std::string_view fields) { return client.ask(std::string(kGet) + std::string(fields) + "\r\n"); };

    Reply reply = ask("Range: bytes=100-199\r\n");
    CHECK(reply.status == 206);
    CHECK(reply.body == bytes.substr(100, 100));
    CHECK(reply.field("content-range") == "bytes 100-199/100000");
    CHECK(ask("Range: bytes=50000-\r\n").body == bytes.substr(50000));
    CHECK(ask("Range: bytes=-17\r\n").body == bytes.substr(bytes.size() - 17));
    reply = ask("Range: bytes=100000-\r\n");
    CHECK(reply.status == 416);
    CHECK(reply.field("content-range") == "bytes */100000");
    CHECK(ask("Range: lines=1-2\r\n").status == 200);
    CHECK(ask("Range: bytes=0-1\r\nRange: bytes=2-3\r\n").status == 200);
    CHECK(ask("Range: bytes=0-1\r\nIf-Range: \"tag\"\r\n").status == 206);
    CHECK(ask("Range: bytes=0-1\r\nIf-Range: \"other\"\r\n").body == bytes);
    CHECK(ask("Range: bytes=0-1\r\nIf-Range: Tue, 24 Nov 2026 03:04:05 GMT\r\n").status == 200);
    CHECK(ask("Range: bytes=0-1\r\nIf-Range: Tue, 24 Nov 2026 03:04:04 GMT\r\n").status == 200);
    reply = client.ask("HEAD /api/f HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1\r\n\r\n", "HEAD");
    CHECK(reply.status == 200);
    CHECK(reply.field("content-length") == "100000");
}

TEST_CASE("several ranges come as multipart/byteranges", "[edge]") {
    EdgeFixture fixture;
    std::string bytes = random_bytes(100000, 7);
    fixture.blob("ab/cd/F", bytes);
    Pointing app(fixture, "/_blobs/ab/cd/F");
    RawClient client = fixture.client();
    Reply reply = client.ask(std::string(kGet) + "Range: bytes=0-9,50000-89999,-5\r\n\r\n");
    CHECK(reply.status == 206);
    CHECK(reply.whole);
    std::string type = reply.field("content-type");
    REQUIRE(type.starts_with("multipart/byteranges; boundary="));
    std::string mark = "\r\n--" + type.substr(type.find('=') + 1);
    auto part = [&](std::string_view range, std::size_t from, std::size_t count) {
        return mark + "\r\nContent-Type: text/plain\r\nContent-Range: bytes " + std::string(range) + "/100000\r\n\r\n" +
               bytes.substr(from, count);
    };
    CHECK(reply.body ==
          part("0-9", 0, 10) + part("50000-89999", 50000, 40000) + part("99995-99999", 99995, 5) + mark + "--\r\n");
    CHECK(reply.field("content-range").empty());
}

TEST_CASE("nothing outside of the blobs folder is ever sent", "[edge]") {
    EdgeFixture fixture;
    fixture.blob("ab/cd/F", "inside");
    fixture.blob("../outside", "secret");
    REQUIRE(::symlink("../../outside", (fixture.blob("ab/x", "") + "link").c_str()) == 0);
    for (std::string location :
         {"/_blobs/../outside", "/_blobs/ab/../../outside", "/_blobs//ab/cd/F", "/_blobs/ab/cd/F/", "/_blobs/",
          "/etc/passwd", "/_blobs", "/_blobs/ab/%2e%2e/x", "/_blobs/ab/./cd/F"}) {
        INFO(location);
        Pointing app(fixture, location);
        CHECK(fixture.client().ask(std::string(kGet) + "\r\n").status == 502);
    }
    for (std::string location : {"/_blobs/ab/xlink", "/_blobs/ab/cd", "/_blobs/ab/cd/absent"}) {
        INFO(location);
        Pointing app(fixture, location);
        Reply reply = fixture.client().ask(std::string(kGet) + "\r\n");
        CHECK(reply.status == 503);
        CHECK(!reply.field("retry-after").empty());
    }
}

TEST_CASE("a file that shrank is cut, not padded", "[edge]") {
    EdgeFixture fixture;
    std::string path = fixture.blob("ab/cd/F", std::string(4 << 20, 'x'));
    Pointing app(fixture, "/_blobs/ab/cd/F");
    RawClient client = fixture.client(8192);
    client.send(std::string(kGet) + "\r\n");
    client.receive_until("\r\n\r\n");
    REQUIRE(::truncate(path.c_str(), 1 << 20) == 0);
    CHECK(client.receive_all().size() < (4 << 20));
    CHECK_FALSE(client.timed_out());
}
