// certbot's webroot in the shared directory: RFC 8555's http-01.
#include <catch2/catch_test_macros.hpp>

#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

const std::string kBelow = "/.well-known/acme-challenge/";

std::string get(const std::string& path, const std::string& method = "GET") {
    return method + " " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

// The app knows challenges that are not in the webroot; here there is no app.
constexpr int kAskedTheApp = 502;

// Like certbot: the folders are created for a challenge, and removed with it.
void write_answer(const EdgeFixture& fixture, const std::string& token) {
    std::filesystem::path folder = std::filesystem::path(fixture.site()).parent_path() / ("acme" + kBelow);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / token) << token << ".thumbprint";
}

}  // namespace

TEST_CASE("a challenge is answered from the shared directory, even if certbot creates the folder later", "[edge]") {
    EdgeFixture fixture;
    RawClient client = fixture.client();
    for (const char* token : {"abc", "DEF-_9"}) {
        CHECK(client.ask(get(kBelow + token)).status == kAskedTheApp);
        write_answer(fixture, token);
        Reply reply = client.ask(get(kBelow + token));
        CHECK(reply.status == 200);
        CHECK(reply.body == std::string(token) + ".thumbprint");
        CHECK(reply.field("cache-control") == "no-store");
        std::filesystem::remove_all(std::filesystem::path(fixture.site()).parent_path() / "acme/.well-known");
    }
    CHECK(eventually([&] { return fixture.accesses().size() == 4 && fixture.accesses()[3].stats.route == "acme"; }));
}

TEST_CASE("only challenge tokens are served, and only by GET and HEAD", "[edge]") {
    EdgeFixture fixture;
    fixture.blob("secret", "outside");
    write_answer(fixture, "abc");
    for (const char* name : {"", "..", "../acme-challenge/abc", "%61bc/", "abc/x", "a.b", "../../../blobs/secret"}) {
        INFO(name);
        Reply reply = fixture.client().ask(get(kBelow + name));
        CHECK((reply.status == kAskedTheApp || reply.status == 404 || reply.status == 400));
        CHECK(reply.body.find("thumbprint") == std::string::npos);
        CHECK(reply.body.find("outside") == std::string::npos);
    }
    CHECK(fixture.client().ask(get(kBelow + "abc", "DELETE")).status != 200);
}

TEST_CASE("a challenge that is not in the webroot is passed to the routes", "[edge]") {
    config::Edge settings = EdgeFixture::quick();
    config::Route all;
    all.to = "redirect:https://elsewhere.example/*";
    settings.routes = {all};
    EdgeFixture fixture(settings);
    write_answer(fixture, "abc");
    CHECK(fixture.client().ask(get(kBelow + "abc")).status == 200);
    CHECK(fixture.client().ask(get(kBelow + "other")).status == 308);
}
