// Changed settings while the edge serves.
#include <catch2/catch_test_macros.hpp>

#include "base/error.h"
#include "support/tls_edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kLive = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";

int status_of(RawClient& client, const std::string& path) {
    return client.ask("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").status;
}

bool is_open(const std::string& url) {
    try {
        RawClient client(url);
        return client.ask(kLive).status == 200;
    } catch (const std::exception&) {
        return false;
    }
}

config::Route redirect(std::string path, std::string where) {
    config::Route route;
    route.path = std::move(path);
    route.to = "redirect:" + std::move(where);
    return route;
}

}  // namespace

TEST_CASE("listeners are opened and closed, connections stay", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    settings.loops = 2;
    EdgeFixture fixture(settings);
    const std::string first = fixture.url();
    RawClient client = fixture.client();
    CHECK(client.ask(kLive).status == 200);
    settings.listen.push_back("http://localhost:0");
    fixture.server().reload(settings);
    std::vector<std::string> urls = fixture.server().urls();
    REQUIRE(urls.size() >= 2);
    CHECK(urls[0] == first);
    CHECK(is_open(first));
    CHECK(is_open(urls[1]));
    settings.listen.erase(settings.listen.begin());
    fixture.server().reload(settings);
    CHECK(fixture.server().urls().front() == urls[1]);
    CHECK(is_open(urls[1]));
    CHECK_FALSE(is_open(first));
    CHECK(client.ask(kLive).status == 200);
    CHECK(fixture.server().sockets().size() == urls.size() - 1);
}

TEST_CASE("a listener whose options change keeps its socket", "[edge]") {
    TlsEdgeFixture fixture;
    config::Edge settings = EdgeFixture::quick();
    settings.tls.certificates = {fixture.authority().issue("localhost")};
    std::uint16_t port = 0;
    {
        EdgeFixture other;  // a port that is free after its listener was removed
        port = static_cast<std::uint16_t>(std::stoi(other.url().substr(other.url().rfind(':') + 1)));
    }
    const std::string url = "http://127.0.0.1:" + std::to_string(port);
    const std::string page = "GET /page HTTP/1.1\r\nHost: h\r\n\r\n";
    settings.listen = {"https://127.0.0.1:0", url};
    fixture->server().reload(settings);
    RawClient before(url);
    CHECK(before.ask(page).status == 404);
    settings.listen[1] = url + " redirect";
    fixture->server().reload(settings);
    CHECK(RawClient(url).ask(page).status == 308);
    CHECK(before.ask(kLive).status == 200);
    settings.listen[1] = url;
    fixture->server().reload(settings);
    CHECK(RawClient(url).ask(page).status == 404);
    settings.listen.push_back(url + " redirect");  // twice at once is still refused
    CHECK_THROWS_AS(fixture->server().reload(settings), base::Error);
    CHECK(RawClient(url).ask(page).status == 404);
}

TEST_CASE("limits, routes and pages are the new ones from the next request on, on old connections too", "[edge]") {
    TempFolder pages;
    std::ofstream(pages / "404.html") << "ours";
    config::Edge settings = EdgeFixture::quick();
    settings.routes = {redirect("/old", "https://example.org/")};
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    CHECK(status_of(client, "/old") == 308);
    CHECK(status_of(client, "/new") == 404);
    settings.routes = {redirect("/new", "https://example.org/")};
    settings.error_pages = pages.path();
    settings.rate_limit = "1/h burst=3";
    fixture.server().reload(settings);
    CHECK(status_of(client, "/new") == 308);
    CHECK(client.ask("GET /old HTTP/1.1\r\nHost: h\r\n\r\n").body == "ours");
    CHECK(status_of(client, "/new") == 308);
    CHECK(status_of(client, "/new") == 429);
    settings.rate_limit.clear();
    settings.routes.clear();
    settings.error_pages.clear();
    settings.max_fields = 10;
    fixture.server().reload(settings);
    CHECK(client.ask("GET /new HTTP/1.1\r\nHost: h\r\n\r\n").body.find("ours") == std::string::npos);
    std::string many = "GET /livez HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 10; ++i) many += "X: y\r\n";
    CHECK(client.ask(many + "\r\n").status == 431);
}

TEST_CASE("a newly trusted proxy is trusted on its open connections", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    const std::string ask = "GET /livez HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n";
    CHECK(client.ask(ask).status == 200);
    settings.trusted_proxies = {"127.0.0.1"};
    fixture.server().reload(settings);
    CHECK(client.ask(ask).status == 200);
    settings.trusted_proxies.clear();
    fixture.server().reload(settings);
    CHECK(client.ask(ask).status == 200);
    REQUIRE(eventually([&] { return fixture.accesses().size() == 3; }));
    CHECK(fixture.accesses()[0].address == "127.0.0.1");
    CHECK(fixture.accesses()[1].address == "192.0.2.7");
    CHECK(fixture.accesses()[2].address == "127.0.0.1");
}

TEST_CASE("a request in flight keeps its route", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    std::atomic<bool> asked{false}, answer{false};
    RawUpstream slow("0", [&](Stream& stream) {
        while (auto seen = read_request(stream)) {
            bool is_health_check = seen->head.starts_with("GET / ");
            if (!is_health_check) asked = true;
            if (!is_health_check) eventually([&] { return answer.load(); });
            stream.send(ok("of old"));
        }
    });
    config::Upstream upstream;
    upstream.name = "slow";
    upstream.servers = {slow.address()};
    upstream.health_path = "/";
    upstream.health_interval = 1h;
    config::Route route;
    route.path = "/x";
    route.to = "upstream:slow";
    settings.upstreams = {upstream};
    settings.routes = {route};
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&] { return asked.load(); }));
    settings.upstreams.clear();
    settings.routes = {redirect("/x", "https://example.org/")};
    fixture.server().reload(settings);
    RawClient other = fixture.client();
    CHECK(status_of(other, "/x") == 308);
    answer = true;
    CHECK(client.receive_until("of old").find("HTTP/1.1 200") == 0);
    CHECK(status_of(client, "/x") == 308);
}

TEST_CASE("an invalid configuration changes nothing", "[edge]") {
    EdgeFixture other;
    config::Edge settings = EdgeFixture::quick();
    EdgeFixture fixture(settings);
    RawClient client = fixture.client();
    config::Edge bad = settings;
    bad.routes = {redirect("/x", "https://example.org/")};
    SECTION("an address in use") { bad.listen.push_back(other.url()); }
    SECTION("a malformed address") { bad.listen.push_back("http://nowhere.example:80"); }
    SECTION("a folder of pages that is not there") { bad.error_pages = "/nonexistent"; }
    CHECK_THROWS_AS(fixture.server().reload(bad), base::Error);
    CHECK(status_of(client, "/x") == 404);
    CHECK(fixture.server().urls().size() == 1);
    CHECK(is_open(fixture.url()));
}
