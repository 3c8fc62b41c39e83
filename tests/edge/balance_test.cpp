// Which server of an upstream gets a request: by weight, load, name and health.
#include <netinet/in.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "support/edge_routes.h"

using namespace bodega;
using namespace bodega::test;

namespace {

std::string answer_as(const std::string& name) { return ok(name); }

// A server on a port that answers with its name.
class Named {
public:
    explicit Named(std::string name, std::string where = "0")
        : recorder_([name = std::move(name)](const Seen&) { return answer_as(name); }),
          server_(std::move(where), std::ref(recorder_)) {}

    std::string address() const { return server_.address(); }
    std::string port() const { return server_.port(); }
    std::size_t requests() const { return recorder_.seen().size(); }
    int connections() const { return server_.connections(); }

private:
    Recorder recorder_;
    RawUpstream server_;
};

// A port of 127.0.0.1 that nobody listens on.
std::string free_port() {
    return RawUpstream("0", [](Stream&) {}).port();
}

net::Endpoint endpoint(const std::string& port) {
    net::Endpoint out;
    auto* address = reinterpret_cast<sockaddr_in*>(&out.address);
    address->sin_family = AF_INET;
    address->sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.length = sizeof(sockaddr_in);
    return out;
}

// A resolver with answers from the test.
class StubNames {
public:
    void tell(std::vector<std::string> ports) {
        std::lock_guard lock(mutex_);
        ports_ = std::move(ports);
    }
    std::vector<net::Endpoint> operator()(const std::string& host, std::uint16_t) {
        std::lock_guard lock(mutex_);
        ++asked_;
        std::vector<net::Endpoint> out;
        if (host == "app.internal")
            for (const std::string& port : ports_) out.push_back(endpoint(port));
        std::rotate(out.begin(), out.begin() + (out.empty() ? 0 : asked_ % static_cast<int>(out.size())), out.end());
        return out;
    }
    // Waits until the name has been resolved again.
    bool asked_again() {
        int before = asked();
        return eventually([&] { return asked() >= before + 2; });
    }

private:
    int asked() {
        std::lock_guard lock(mutex_);
        return asked_;
    }

    std::mutex mutex_;
    std::vector<std::string> ports_;  // protected by mutex_, as is asked_
    int asked_ = 0;
};

}  // namespace

TEST_CASE("servers get requests in turn by their weights, over reused connections", "[edge]") {
    Named a("a"), b("b");
    EdgeFixture fixture(routed_to(upstream("u", {a.address() + " weight=3", b.address()})));
    RawClient client = fixture.client();
    std::string order;
    for (int i = 0; i < 8; ++i) order += client.ask(get("/")).body;
    CHECK(order == "aabaaaba");  // smooth: not "aaab"
    CHECK(a.connections() == 1);
    CHECK(b.connections() == 1);
}

TEST_CASE("a server may be a unix socket", "[edge]") {
    TempFolder folder;
    Named a("a", folder / "a.sock");
    EdgeFixture fixture(routed_to(upstream("u", {"unix:" + (folder / "a.sock")})));
    RawClient client = fixture.client();
    CHECK(client.ask(get("/")).body == "a");
    CHECK(client.ask(post("/", "hi")).body == "a");
    CHECK(a.connections() == 1);
    REQUIRE(eventually([&] { return fixture.accesses().size() == 2; }));
    CHECK(fixture.accesses()[0].stats.server == "unix:" + (folder / "a.sock"));
}

TEST_CASE("least_connections: the busy server gets no request", "[edge]") {
    std::atomic<bool> go{false};
    RawUpstream slow("0", [&](Stream& stream) {
        while (read_request(stream)) {
            eventually([&] { return go.load(); });
            stream.send(ok("slow"));
        }
    });
    Named quick("quick");
    config::Upstream row = upstream("u", {slow.address(), quick.address()});
    row.balance = "least_connections";
    EdgeFixture fixture(routed_to(row));
    RawClient first = fixture.client(), second = fixture.client();
    first.send(get("/"));
    REQUIRE(eventually([&] { return slow.connections() == 1; }));
    for (int i = 0; i < 5; ++i) CHECK(second.ask(get("/")).body == "quick");
    go = true;
    CHECK(first.reply().body == "slow");
}

TEST_CASE("a failing server is left out for a while, then one request tries it", "[edge]") {
    std::string port = free_port();
    Named b("b");
    config::Upstream row = upstream("u", {"127.0.0.1:" + port, b.address()});
    row.max_fails = 1;
    row.fail_timeout = 1500ms;
    EdgeFixture fixture(routed_to(row));
    RawClient client = fixture.client();
    for (int i = 0; i < 6; ++i) CHECK(client.ask(get("/")).body == "b");
    CHECK(fixture.server().stats().upstream_retries == 1);  // it was tried only once
    Named a("a", port);
    CHECK(client.ask(get("/")).body == "b");
    CHECK(eventually([&] { return client.ask(get("/")).body == "a"; }));
    std::string both = client.ask(get("/")).body + client.ask(get("/")).body;
    CHECK((both == "ab" || both == "ba"));
}

TEST_CASE("an unhealthy server gets no request until it is healthy again", "[edge]") {
    std::atomic<bool> well{true};
    Recorder of_a([&](const Seen& seen) {
        if (seen.head.starts_with("GET /health "))
            return well ? ok("") : "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
        return ok("a");
    });
    RawUpstream a("0", std::ref(of_a));
    config::Upstream row = upstream("u", {a.address()});
    row.health_path = "/health";
    row.health_interval = 20ms;
    EdgeFixture fixture(routed_to(row));
    RawClient client = fixture.client();
    CHECK(client.ask(get("/")).body == "a");
    well = false;
    CHECK(eventually([&] { return client.ask(get("/")).status == 502; }));
    std::size_t before = of_a.seen().size();
    CHECK(client.ask(get("/")).status == 502);
    auto seen = of_a.seen();
    CHECK(std::all_of(seen.begin() + static_cast<std::ptrdiff_t>(before), seen.end(),
                      [](const Seen& one) { return one.head.starts_with("GET /health "); }));
    well = true;
    CHECK(eventually([&] { return client.ask(get("/")).body == "a"; }));
}

TEST_CASE("of two servers the unhealthy one gets no request", "[edge]") {
    Named b("b");
    Recorder of_a([](const Seen& seen) {
        return seen.head.starts_with("GET /health ") ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" : ok("a");
    });
    RawUpstream a("0", std::ref(of_a));
    config::Upstream row = upstream("u", {a.address(), b.address()});
    row.health_path = "/health";
    row.health_interval = 20ms;
    EdgeFixture fixture(routed_to(row));
    RawClient client = fixture.client();
    CHECK(eventually([&] { return client.ask(get("/")).body == "b" && client.ask(get("/")).body == "b"; }));
    for (int i = 0; i < 6; ++i) CHECK(client.ask(get("/")).body == "b");
}

TEST_CASE("a health check uses the configured host, or the upstream's name", "[edge]") {
    for (const std::string host : {"", "app.internal:81"}) {
        Recorder of_a([](const Seen&) { return ok("a"); });
        RawUpstream a("0", std::ref(of_a));
        config::Upstream row = upstream("u", {a.address()});
        row.health_path = "/health";
        row.health_host = host;
        row.health_interval = 20ms;
        EdgeFixture fixture(routed_to(row));
        REQUIRE(eventually([&] { return !of_a.seen().empty(); }));
        CHECK(of_a.seen()[0].head.find("\r\nHost: " + (host.empty() ? "u" : host) + "\r\n") != std::string::npos);
    }
}

TEST_CASE("a server's name is resolved again: requests follow it, and connections to old addresses are closed",
          "[edge]") {
    Named before("before"), after("after");
    StubNames names;
    names.tell({before.port()});
    config::Upstream row = upstream("u", {"app.internal:80"});
    row.resolve_interval = 20ms;
    EdgeFixture fixture(routed_to(row), std::ref(names));
    RawClient client = fixture.client();
    CHECK(client.ask(get("/")).body == "before");
    REQUIRE(names.asked_again());
    CHECK(client.ask(get("/")).body == "before");
    CHECK(before.connections() == 1);  // the same answer changes nothing
    names.tell({after.port()});
    REQUIRE(names.asked_again());
    CHECK(client.ask(get("/")).body == "after");
    names.tell({});
    REQUIRE(names.asked_again());
    CHECK(client.ask(get("/")).body == "after");  // it does not resolve now: the known addresses stay
    CHECK(after.connections() == 1);
}

TEST_CASE("an address of a name that refuses connections is skipped", "[edge]") {
    Named a("a"), b("b");
    StubNames names;
    names.tell({a.port(), free_port(), b.port()});
    config::Upstream row = upstream("u", {"app.internal:80"});
    row.resolve_interval = 20ms;
    EdgeFixture fixture(routed_to(row), std::ref(names));
    for (int i = 0; i < 6; ++i) {
        RawClient client = fixture.client();
        CHECK(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    }
    REQUIRE(names.asked_again());
    CHECK(a.connections() + b.connections() == 1);  // another order of the same addresses is no change
    CHECK(fixture.server().stats().upstream_retries == 0);
}

TEST_CASE("a name that does not resolve is a 502 until it does", "[edge]") {
    Named a("a");
    StubNames names;
    config::Upstream row = upstream("u", {"app.internal:80"});
    row.resolve_interval = 20ms;
    EdgeFixture fixture(routed_to(row), std::ref(names));
    RawClient client = fixture.client();
    CHECK(client.ask(get("/")).status == 502);
    names.tell({a.port()});
    CHECK(eventually([&] { return client.ask(get("/")).body == "a"; }));
}

TEST_CASE("loops share the state of servers while names, health and requests change it", "[edge]") {
    Named a("a"), b("b");
    StubNames names;
    names.tell({a.port()});
    config::Upstream row = upstream("u", {"app.internal:80", b.address(), "127.0.0.1:" + free_port()});
    row.balance = "least_connections";
    row.resolve_interval = 5ms;
    row.health_path = "/health";
    row.health_interval = 5ms;
    config::Edge settings = routed_to(row);
    settings.loops = 3;
    EdgeFixture fixture(settings, std::ref(names));
    std::atomic<int> answered{0};
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
            for (int n = 0; n < 10; ++n) {
                RawClient client = fixture.client();
                for (int k = 0; k < 5; ++k)
                    if (client.ask(get("/")).status == 200) ++answered;
            }
        });
    }
    for (int i = 0; i < 10; ++i) {
        names.tell({i % 2 == 0 ? b.port() : a.port()});
        std::this_thread::sleep_for(5ms);
    }
    for (std::thread& client : clients) client.join();
    CHECK(answered == 200);
}
