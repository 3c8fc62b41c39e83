// The parts of a request that reach the app, and the parts of its answers that reach the client.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

TEST_CASE("the app gets a head written by the edge", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("hi"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply reply = client.ask(
        "GET /api/x?q=1 HTTP/1.1\r\nHost: files.example.org\r\nConnection: keep-alive, X-Drop\r\nX-Drop: 1\r\n"
        "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 6.6.6.6\r\nX-Accel-Capable: evil\r\n"
        "X-Accel-Redirect: /etc/passwd\r\nX_Forwarded_For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nProxy: http://evil\r\n"
        "Keep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\nProxy-Authorization: x\r\nX-Request-Id: theirs\r\n"
        "Cookie: a=b\r\naccept: */*\r\n\r\n");
    CHECK(reply.status == 200);
    CHECK(reply.body == "hi");
    std::string id = reply.field("x-request-id");
    CHECK(id.size() == 26);
    REQUIRE(recorder.seen().size() == 1);
    CHECK(recorder.seen()[0].head ==
          "GET /api/x?q=1 HTTP/1.1\r\nHost: files.example.org\r\nCookie: a=b\r\naccept: */*\r\n"
          "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: files.example.org\r\n"
          "X-Real-IP: 127.0.0.1\r\nX-Request-Id: " +
              id + "\r\nX-Accel-Capable: 1\r\n\r\n");
}

TEST_CASE("statements of a trusted proxy reach the app and the log, those of others do not", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.trusted_proxies = {"127.0.0.0/8"};
    EdgeFixture fixture(settings);
    Recorder recorder([](const Seen&) { return ok(""); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    client.ask(
        "GET /api/ HTTP/1.1\r\nHost: inner\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.7, 127.0.0.9\r\n"
        "X-Forwarded-Proto: https\r\nX-Forwarded-Host: files.example.org\r\nForwarded: for=6.6.6.6\r\n\r\n");
    client.ask("GET /api/ HTTP/1.1\r\nHost: inner\r\n\r\n");
    REQUIRE(recorder.seen().size() == 2);
    std::string head = recorder.seen()[0].head;
    CHECK(head.find("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
                    "X-Forwarded-Host: files.example.org\r\nX-Real-IP: 192.0.2.7\r\n") != std::string::npos);
    CHECK(head.find("\r\nHost: inner\r\n") != std::string::npos);
    CHECK(head.find("6.6.6.6") == std::string::npos);
    // Fields of one request do not apply to the next one on the connection.
    CHECK(recorder.seen()[1].head.find("X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n") !=
          std::string::npos);
    REQUIRE(eventually([&] { return fixture.accesses().size() == 2; }));
    CHECK(fixture.accesses()[0].address == "192.0.2.7");
    CHECK(fixture.accesses()[1].address == "127.0.0.1");
}

TEST_CASE("naming the edge's fields in Connection does not remove them", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok(""); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    client.ask(
        "GET /api/ HTTP/1.1\r\nHost: h\r\nConnection: X-Forwarded-For, X-Real-IP, Host, X-Accel-Capable\r\n\r\n");
    REQUIRE(recorder.seen().size() == 1);
    std::string head = recorder.seen()[0].head;
    CHECK(head.find("X-Forwarded-For: 127.0.0.1\r\n") != std::string::npos);
    CHECK(head.find("\r\nHost: h\r\n") != std::string::npos);
    CHECK(head.find("X-Accel-Capable: 1\r\n") != std::string::npos);
}

TEST_CASE("internal and hop-by-hop fields of the app are not sent to clients", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) {
        return ok("x",
                  "X-Accel-Buffering: no\r\nX-Accel-Expires: 1\r\nConnection: X-Secret\r\nX-Secret: 1\r\n"
                  "Keep-Alive: timeout=5\r\nX-Request-Id: other\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n");
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply reply = client.ask("GET /api/ HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.head.find("X-Accel") == std::string::npos);
    CHECK(reply.head.find("X-Secret") == std::string::npos);
    CHECK(reply.head.find("Keep-Alive") == std::string::npos);
    CHECK(reply.head.find("X-Request-Id: other") == std::string::npos);
    CHECK(reply.head.find("Set-Cookie: a=b\r\nSet-Cookie: c=d\r\n") != std::string::npos);
    CHECK(reply.head.find("Date: ") != std::string::npos);
}

TEST_CASE("bodies pass with both framings, both ways", "[edge]") {
    EdgeFixture fixture;
    std::string big = random_bytes(3'000'000, 1);
    Recorder recorder([](const Seen& seen) {
        std::string body = seen.content();
        if (seen.head.starts_with("PUT")) return ok(body);
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n" + [&] {
            char size[16];
            std::snprintf(size, sizeof size, "%zx\r\n", body.size());
            return size + body + "\r\n0\r\n\r\n";
        }();
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();

    std::thread writer([&] {
        client.send("PUT /api/a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(big.size()) + "\r\n\r\n" +
                    big);
    });
    Reply reply = client.reply();
    writer.join();
    CHECK(reply.body == big);

    client.send(
        "POST /api/b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n "
        "world\r\n0\r\nX: y\r\n\r\n");
    reply = client.reply();
    CHECK(reply.field("transfer-encoding") == "chunked");
    CHECK(reply.body == "abchello world");
    REQUIRE(recorder.seen().size() == 2);
    CHECK(recorder.seen()[1].body.find("ext") == std::string::npos);
    CHECK(recorder.seen()[1].body.find("X: y") == std::string::npos);
    CHECK(recorder.seen()[1].content() == "hello world");
    CHECK(app.connections() == 1);
}

TEST_CASE("pipelined requests are answered in order, one after another", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) { return ok(seen.head.substr(0, seen.head.find(" HTTP"))); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    std::string all;
    for (int i = 0; i < 50; ++i)
        all += "POST /api/" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
    client.send(all);
    for (int i = 0; i < 50; ++i) REQUIRE(client.reply().body == "POST /api/" + std::to_string(i));
    CHECK(app.connections() == 1);
}

TEST_CASE("HEAD, 204 and 304 have no body and keep the connection", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) -> std::string {
        if (seen.head.find("/204") != std::string::npos) return "HTTP/1.1 204 No Content\r\n\r\n";
        if (seen.head.find("/304") != std::string::npos) return "HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n";
        return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply reply = client.ask("HEAD /api/ HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD");
    CHECK(reply.field("content-length") == "1000");
    reply = client.ask("GET /api/204 HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.status == 204);
    CHECK(reply.field("content-length").empty());
    reply = client.ask("GET /api/304 HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.status == 304);
    CHECK(reply.field("etag") == "\"e\"");
    CHECK(app.connections() == 1);
}

TEST_CASE("HTTP/1.0 clients get what they can read", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen& seen) -> std::string {
        if (seen.head.find("/chunked") == std::string::npos) return ok("hi");
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply reply = client.ask("GET /api/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(reply.body == "hi");
    CHECK(reply.field("connection") == "keep-alive");
    reply = client.ask("GET /api/chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(reply.field("transfer-encoding").empty());
    CHECK(reply.field("connection") == "close");
    CHECK(reply.body == "hi");
}

TEST_CASE("an answer delimited by close becomes chunked", "[edge]") {
    EdgeFixture fixture;
    RawUpstream app(fixture.socket(), [](Stream& stream) {
        if (read_request(stream)) stream.send("HTTP/1.1 200 OK\r\n\r\nall of it");
    });
    RawClient client = fixture.client();
    Reply reply = client.ask("GET /api/ HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reply.field("transfer-encoding") == "chunked");
    CHECK(reply.body == "all of it");
    CHECK(reply.whole);
}

TEST_CASE("each answer is in the access log", "[edge]") {
    EdgeFixture fixture;
    Recorder recorder([](const Seen&) { return ok("12345"); });
    RawUpstream app(fixture.socket(), std::ref(recorder));
    RawClient client = fixture.client();
    Reply reply = client.ask("GET /api/x?secret=1 HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return fixture.accesses().size() == 1; }));
    LoggedAccess access = fixture.accesses()[0];
    CHECK(access.method == "GET");
    CHECK(access.path == "/api/x");
    CHECK(access.status == 200);
    CHECK(access.stats.sent == 5);
    CHECK(access.address == "127.0.0.1");
    CHECK(access.request_id == reply.field("x-request-id"));
}
