// Bodies to an upstream: they are sent complete, from memory or from a file, unless the route streams them.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>

#include "support/edge_routes.h"
#include "support/http2_client.h"

using namespace bodega;
using namespace bodega::test;

namespace {

struct Service {
    Recorder recorder{[](const Seen& seen) { return ok(std::to_string(seen.body.size())); }};
    RawUpstream server{"0", std::ref(recorder)};

    config::Edge settings() { return routed_to(upstream("u", {server.address()})); }
};

std::string chunked(const std::string& body) {
    std::string out = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 7000) {
        std::string piece = body.substr(at, 7000);
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        out += size + piece + "\r\n";
    }
    return out + "0\r\n\r\n";
}

}  // namespace

TEST_CASE("an upstream gets no request before the body is complete", "[edge]") {
    Service service;
    EdgeFixture fixture(service.settings());
    for (std::string head : {"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n",
                             "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                             "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\nabc"}) {
        RawClient client = fixture.client();
        client.send(head);
        std::this_thread::sleep_for(50ms);
        CHECK(service.server.connections() == 0);
    }
    Http2Client client(fixture.url());
    client.request(1, {{":method", "POST"}, {":scheme", "http"}, {":path", "/x"}, {":authority", "h"}}, false);
    client.send_frame(http2::kData, 0, 1, "abc");
    std::this_thread::sleep_for(50ms);
    CHECK(service.server.connections() == 0);
    client.send_frame(http2::kData, http2::kEndStream, 1, "def");
    CHECK(client.reply(1).body == "6");
    CHECK(service.recorder.seen().at(0).body == "abcdef");
}

TEST_CASE("bodies of any size arrive unchanged, with their length", "[edge]") {
    Service service;
    EdgeFixture fixture(service.settings());
    for (std::size_t size : {std::size_t{1}, std::size_t{65536}, std::size_t{65537}, std::size_t{3'000'001}}) {
        std::string body = random_bytes(size, static_cast<unsigned>(size));
        for (const std::string& request : {post("/x", body), chunked(body)}) {
            INFO(size);
            RawClient client = fixture.client();
            CHECK(client.ask(request).body == std::to_string(size));
            Seen seen = service.recorder.seen().back();
            CHECK(seen.body == body);
            CHECK(seen.head.find("Content-Length: " + std::to_string(size) + "\r\n") != std::string::npos);
            CHECK(client.ask(get("/x")).body == "0");  // the connection stays usable
        }
    }
    CHECK(eventually([&] { return fixture.server().stats().spooled == 0; }));
}

TEST_CASE("a streaming route passes a body on as it arrives", "[edge]") {
    std::atomic<bool> asked = false;
    RawUpstream server("0", [&](Stream& stream) {
        if (stream.receive_until("\r\n\r\n").empty()) return;
        asked = true;
        stream.receive_exactly(6);
        stream.send(ok("got it"));
    });
    config::Edge settings = routed_to(upstream("u", {server.address()}));
    settings.routes[0].request_body = "stream";
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
    CHECK(eventually([&] { return asked.load(); }));
    CHECK(client.ask("def").body == "got it");
}

TEST_CASE("over spool_limit the answer is 503, and 413 for a body that could never fit", "[edge]") {
    Service service;
    config::Edge settings = service.settings();
    settings.spool_limit = 2 << 20;
    settings.trusted_proxies = {"127.0.0.0/8"};
    EdgeFixture fixture(settings);
    std::string half(700'000, 'x');
    RawClient first = fixture.client();
    first.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 800000\r\n\r\n" + half);
    REQUIRE(eventually([&] { return fixture.server().stats().spooled > 500'000; }));
    RawClient second = fixture.client();
    Reply refused = second.ask(post("/x", half));
    CHECK(refused.status == 503);
    CHECK(refused.field("retry-after") == "5");
    CHECK(fixture.server().stats().spool_full == 1);
    // Another client is not delayed by this client's bytes.
    CHECK(fixture.client().ask(post("/x", half, "X-Forwarded-For: 192.0.2.7\r\n")).body == "700000");
    CHECK(fixture.client().ask("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n").status == 413);
    CHECK(first.ask(std::string(100'000, 'x')).body == "800000");
    CHECK(eventually([&] { return fixture.server().stats().spooled == 0; }));
    CHECK(fixture.client().ask(post("/x", half)).body == "700000");
    CHECK(fixture.client().ask(chunked(std::string(2'000'000, 'x'))).status == 413);
}

TEST_CASE("without room for spool files a body that fits into memory passes", "[edge]") {
    Service service;
    config::Edge settings = service.settings();
    settings.spool_limit = 0;
    EdgeFixture fixture(settings);
    CHECK(fixture.client().ask(post("/x", std::string(60'000, 'x'))).body == "60000");
    CHECK(fixture.client().ask(post("/x", std::string(70'000, 'x'))).status == 413);
}

TEST_CASE("a client that leaves in the middle of its body leaves nothing behind", "[edge]") {
    Service service;
    EdgeFixture fixture(service.settings());
    {
        RawClient client = fixture.client();
        client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n" + std::string(500'000, 'x'));
        REQUIRE(eventually([&] { return fixture.server().stats().spooled > 300'000; }));
    }
    CHECK(eventually([&] { return fixture.server().stats().spooled == 0; }));
    CHECK(service.server.connections() == 0);
    CHECK(eventually([&] { return fixture.server().stats().held < 1000; }));
}

TEST_CASE("a spooled body is sent again, to another server", "[edge]") {
    RawUpstream broken("0", [](Stream& stream) { stream.receive_exactly(100'000); });  // reads some, and closes
    Service service;
    EdgeFixture fixture(routed_to(upstream("u", {broken.address(), service.server.address()})));
    std::string body = random_bytes(2'000'000, 3);
    std::string put = "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" + body;
    for (int i = 0; i < 4; ++i) CHECK(fixture.client().ask(put).body == "2000000");
    for (const Seen& seen : service.recorder.seen()) CHECK(seen.body == body);
}

TEST_CASE("spooled bodies are in unnamed files", "[edge]") {
    TempFolder folder;
    Service service;
    config::Edge settings = service.settings();
    settings.spool_dir = folder / "";
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n" + std::string(500'000, 'x'));
    REQUIRE(eventually([&] { return fixture.server().stats().spooled > 300'000; }));
    CHECK(std::filesystem::is_empty(folder / ""));
}

TEST_CASE("a spool folder that can't be written to is refused at the start", "[edge]") {
    Service service;
    config::Edge settings = service.settings();
    settings.spool_dir = "/proc/no such folder";
    CHECK_THROWS_AS(EdgeFixture(settings), base::Error);
    settings.routes[0].request_body = "stream";
    EdgeFixture fixture(settings);
    CHECK(fixture.client().ask(post("/x", "abc")).body == "3");
}
