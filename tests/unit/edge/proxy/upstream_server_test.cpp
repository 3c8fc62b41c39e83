#include "edge/proxy/upstream_server.h"

#include <catch2/catch_test_macros.hpp>

#include "edge/route_plan.h"

using namespace bodega;
using namespace bodega::edge;

namespace {

UpstreamServer server(int max_fails, net::Moment fail_timeout) {
    return UpstreamServer("s", config::UpstreamServer{"s", 80, {}, 1}, max_fails, fail_timeout);
}

bodega::net::Endpoint endpoint(unsigned char last) {
    bodega::net::Endpoint out;
    out.length = 16;
    reinterpret_cast<unsigned char*>(&out.address)[7] = last;
    return out;
}

}  // namespace

TEST_CASE("consecutive failures take a server out, then one request at a time tries it", "[edge]") {
    UpstreamServer one = server(2, 100);
    CHECK_FALSE(one.failed(1000));
    one.succeeded();
    CHECK_FALSE(one.failed(1000));  // not in a row
    CHECK(one.is_usable(1000));
    CHECK(one.failed(1000));
    CHECK_FALSE(one.failed(1001));  // it is already out
    CHECK_FALSE(one.is_usable(1050));
    CHECK(one.is_usable(1101));
    one.use(1101);
    CHECK_FALSE(one.is_usable(1102));  // this request has to finish first
    one.succeeded();
    CHECK(one.is_usable(1103));
    CHECK_FALSE(one.failed(1104));
}

TEST_CASE("with max_fails 0 a server is never taken out", "[edge]") {
    UpstreamServer one = server(0, 100);
    for (int i = 0; i < 100; ++i) CHECK_FALSE(one.failed(1000));
    CHECK(one.is_usable(1000));
    one.set_healthy(false);  // except for its health
    CHECK_FALSE(one.is_usable(1000));
}

TEST_CASE("addresses are used in turn, and another order of them is no change", "[edge]") {
    UpstreamServer one = server(1, 100);
    CHECK_FALSE(one.next_endpoint());
    one.set_endpoints({endpoint(1), endpoint(2)});
    std::uint32_t generation = one.generation();
    auto first = one.next_endpoint(), second = one.next_endpoint();
    REQUIRE(first);
    CHECK_FALSE(*first == *second);
    CHECK(*one.next_endpoint() == *first);
    one.set_endpoints({endpoint(2), endpoint(1)});
    one.set_endpoints({});
    CHECK(one.generation() == generation);
    CHECK(one.count_endpoints() == 2);
    one.set_endpoints({endpoint(3)});
    CHECK(one.generation() != generation);
}

TEST_CASE("requests in flight are counted while they last", "[edge]") {
    UpstreamServer one = server(1, 100);
    {
        UpstreamServer::Use a(one), b(one);
        CHECK(one.under_way() == 2);
    }
    CHECK(one.under_way() == 0);
}

TEST_CASE("a plan shares a folder among its routes and a server's state among loops", "[edge]") {
    config::Edge settings;
    settings.upstreams.emplace_back().name = "u";
    settings.upstreams.back().servers = {"app.internal:80 weight=5", "unix:/run/a.sock"};
    for (const char* path : {"/a", "/b"}) {
        settings.routes.emplace_back().path = path;
        settings.routes.back().to = "folder:/srv/site";
    }
    RoutePlan plan(settings, [](const std::string& host, std::uint16_t port) {
        CHECK(host == "app.internal");
        CHECK(port == 80);
        return std::vector<bodega::net::Endpoint>{endpoint(1)};
    });
    CHECK(plan.folders.size() == 1);
    const UpstreamServers& servers = *plan.upstreams.at("u");
    REQUIRE(servers.servers.size() == 2);
    CHECK(servers.servers[0]->weight() == 5);
    CHECK(servers.servers[0]->name() == "app.internal:80");
    CHECK(servers.servers[0]->next_endpoint());
    CHECK(servers.servers[1]->next_endpoint());
    CHECK(plan.routing.find("h", {"/b/c", {}}) >= 0);
}
