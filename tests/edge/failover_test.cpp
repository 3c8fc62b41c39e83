// Upstream servers that are dead, slow, busy or break off: which requests are retried elsewhere, and the answers.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_routes.h"
#include "support/listening_socket.h"

using namespace bodega;
using namespace bodega::test;

namespace {

std::string free_address() {
    return "127.0.0.1:" + RawUpstream("0", [](Stream&) {}).port();
}

// Reads a request and closes, without a byte of an answer.
void hang_up(Stream& stream) { read_request(stream); }

// Checks for the edge's own page with this status, on a connection that stays open.
bool is_own(const Reply& reply, int status) {
    return reply.status == status && reply.field("x-request-id").size() == 26 &&
           reply.body.find(reply.field("x-request-id")) != std::string::npos && reply.field("connection").empty();
}

}  // namespace

TEST_CASE("a dead server is skipped whatever the method, because nothing was sent", "[edge]") {
    Recorder recorder([](const Seen& seen) { return ok("got " + seen.body); });
    RawUpstream live("0", std::ref(recorder));
    EdgeFixture fixture(routed_to(upstream("u", {free_address(), live.address()})));
    RawClient client = fixture.client();
    for (int i = 0; i < 4; ++i) CHECK(client.ask(post("/", "hi")).body == "got hi");
    CHECK(fixture.server().stats().upstream_failures == 0);
    CHECK(fixture.server().stats().upstream_retries > 0);
    REQUIRE(eventually([&] { return fixture.accesses().size() == 4; }));
    CHECK(fixture.accesses()[0].stats.server == live.address());
}

TEST_CASE("no server accepts a connection: 502", "[edge]") {
    EdgeFixture fixture(routed_to(upstream("u", {free_address(), free_address()})));
    RawClient client = fixture.client();
    CHECK(is_own(client.ask(get("/")), 502));
    CHECK(is_own(client.ask(post("/", "hi")), 502));
    CHECK(fixture.server().stats().upstream_failures == 2);
}

TEST_CASE("a server that can't be reached in time: the next server, or 504", "[edge]") {
    test::ListeningSocket deaf(0);
    deaf.fill();  // later connections are never accepted
    Recorder recorder([](const Seen&) { return ok("here"); });
    RawUpstream live("0", std::ref(recorder));
    config::Upstream row = upstream("u", {deaf.authority()});
    row.connect_timeout = 150ms;
    SECTION("the only one") {
        EdgeFixture fixture(routed_to(row));
        RawClient client = fixture.client();
        CHECK(is_own(client.ask(get("/")), 504));
        CHECK(is_own(client.ask(get("/")), 504));  // its slot was released
    }
    SECTION("one of two") {
        row.servers.push_back(live.address());
        EdgeFixture fixture(routed_to(row));
        RawClient client = fixture.client();
        CHECK(client.ask(post("/", "hi")).body == "here");
    }
}

TEST_CASE("a request interrupted before its answer is retried on another server if it is idempotent", "[edge]") {
    RawUpstream broken("0", hang_up);
    Recorder recorder([](const Seen& seen) { return ok("got " + seen.body); });
    RawUpstream live("0", std::ref(recorder));
    EdgeFixture fixture(routed_to(upstream("u", {broken.address(), live.address()})));
    RawClient client = fixture.client();
    SECTION("GET") { CHECK(client.ask(get("/")).body == "got "); }
    SECTION("DELETE") {
        CHECK(client.ask("DELETE /x HTTP/1.1\r\nHost: h\r\n\r\n").body == "got ");
        CHECK(fixture.server().stats().upstream_retries == 1);
    }
    SECTION("POST is not") {
        CHECK(is_own(client.ask(post("/", "hi")), 502));
        CHECK(recorder.seen().empty());
    }
    SECTION("PUT is not, because its body is gone") {
        Reply reply = client.ask("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
        CHECK(reply.status == 502);
        CHECK(recorder.seen().empty());
    }
}

TEST_CASE("a request whose answer began is never retried", "[edge]") {
    for (std::string begun : {"HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal", "nonsense\r\n\r\n",
                              "HTTP/1.1 100 Continue\r\n\r\n"}) {
        INFO(begun);
        RawUpstream broken("0", [&](Stream& stream) {
            if (read_request(stream)) stream.send(begun);
        });
        Recorder recorder([](const Seen&) { return ok("live"); });
        RawUpstream live("0", std::ref(recorder));
        EdgeFixture fixture(routed_to(upstream("u", {broken.address(), live.address()})));
        RawClient client = fixture.client();
        Reply reply = client.ask(get("/"));
        CHECK((reply.status == 502 || !reply.whole));
        CHECK(recorder.seen().empty());
    }
}

TEST_CASE("a slow server: 504, or another server's answer", "[edge]") {
    std::atomic<int> asked{0};
    RawUpstream slow("0", [&](Stream& stream) {
        read_request(stream);
        ++asked;
        stream.receive();
    });
    config::Upstream row = upstream("u", {slow.address()});
    row.timeout = 150ms;
    SECTION("the only one") {
        EdgeFixture fixture(routed_to(row));
        RawClient client = fixture.client();
        CHECK(is_own(client.ask(get("/")), 504));
        CHECK(asked == 1);
    }
    SECTION("one of two") {
        Recorder recorder([](const Seen&) { return ok("live"); });
        RawUpstream live("0", std::ref(recorder));
        row.servers.push_back(live.address());
        EdgeFixture fixture(routed_to(row));
        RawClient client = fixture.client();
        CHECK(client.ask(get("/")).body == "live");
        CHECK(client.ask(get("/")).body == "live");
        CHECK(is_own(client.ask(post("/", "hi")), 504));
        CHECK(recorder.seen().size() == 2);
    }
}

TEST_CASE("an exhausted pool: 503 with Retry-After, at once if nobody may wait", "[edge]") {
    std::atomic<bool> go{false};
    RawUpstream busy("0", [&](Stream& stream) {
        while (read_request(stream)) {
            eventually([&] { return go.load(); });
            stream.send(ok("fine"));
        }
    });
    config::Upstream row = upstream("u", {busy.address()});
    row.connections = 1;
    row.wait = 100ms;
    SECTION("after the wait") {}
    SECTION("at once") {
        row.queue = 0;
        row.wait = 1h;
    }
    EdgeFixture fixture(routed_to(row));
    RawClient first = fixture.client(), second = fixture.client();
    first.send(get("/"));
    REQUIRE(eventually([&] { return busy.connections() == 1; }));
    Reply reply = second.ask(get("/"));
    CHECK(is_own(reply, 503));
    CHECK(reply.field("retry-after") == "2");
    go = true;
    CHECK(first.reply().body == "fine");
    CHECK(second.ask(get("/")).body == "fine");
    CHECK(busy.connections() == 1);
}

TEST_CASE("connections that a server closes are no failures", "[edge]") {
    std::atomic<int> requests{0};
    SECTION("with every answer") {
        RawUpstream closing("0", [&](Stream& stream) {
            if (read_request(stream)) stream.send(ok("bye", "Connection: close\r\n"));
        });
        EdgeFixture fixture(routed_to(upstream("u", {closing.address()})));
        RawClient client = fixture.client();
        for (int i = 0; i < 5; ++i) CHECK(client.ask(post("/", "x")).body == "bye");
        CHECK(closing.connections() == 5);
        CHECK(fixture.server().stats().upstream_failures == 0);
    }
    SECTION("without notice, while it is idle") {
        RawUpstream closing("0", [&](Stream& stream) {
            if (read_request(stream)) stream.send(ok("bye"));
        });
        EdgeFixture fixture(routed_to(upstream("u", {closing.address()})));
        RawClient client = fixture.client();
        for (int i = 0; i < 5; ++i) {
            CHECK(client.ask(get("/")).body == "bye");
            std::this_thread::sleep_for(10ms);
        }
        CHECK(fixture.server().stats().upstream_failures == 0);
    }
    SECTION("after its known idle time, before a request meets it") {
        RawUpstream closing("0", [&](Stream& stream) {
            while (read_request(stream)) stream.send(ok("fine"));
        });
        config::Upstream row = upstream("u", {closing.address()});
        row.idle_timeout = 20ms;
        EdgeFixture fixture(routed_to(row));
        RawClient client = fixture.client();
        for (int i = 0; i < 3; ++i) {
            CHECK(client.ask(post("/", "x")).body == "fine");
            std::this_thread::sleep_for(60ms);
        }
        CHECK(closing.connections() == 3);
        CHECK(fixture.server().stats().upstream_retries == 0);
    }
    SECTION("as the next request arrives") {
        RawUpstream closing("0", [&](Stream& stream) {
            for (int i = 0; read_request(stream); ++i) {
                ++requests;
                if (i == 1) return;
                stream.send(ok("fine"));
            }
        });
        EdgeFixture fixture(routed_to(upstream("u", {closing.address()})));
        RawClient client = fixture.client();
        CHECK(client.ask(get("/")).body == "fine");
        CHECK(client.ask(get("/")).body == "fine");
        CHECK(requests == 3);
        CHECK(fixture.server().stats().upstream_retries == 1);
    }
}
