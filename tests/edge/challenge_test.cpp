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

// What is not in the webroot is the app's to know; here there is none to ask.
constexpr int kAskedTheApp = 502;

// As certbot does it: the folders are made for a challenge, and go with it.
void write_answer(const House& house, const std::string& token) {
    std::filesystem::path folder = std::filesystem::path(house.site()).parent_path() / ("acme" + kBelow);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / token) << token << ".thumbprint";
}

}  // namespace

TEST_CASE("an authority's question is answered from the shared directory, whenever certbot made the folder", "[edge]") {
    House house;
    RawClient client = house.client();
    for (const char* token : {"abc", "DEF-_9"}) {
        CHECK(client.ask(get(kBelow + token)).status == kAskedTheApp);
        write_answer(house, token);
        Reply reply = client.ask(get(kBelow + token));
        CHECK(reply.status == 200);
        CHECK(reply.body == std::string(token) + ".thumbprint");
        CHECK(reply.field("cache-control") == "no-store");
        std::filesystem::remove_all(std::filesystem::path(house.site()).parent_path() / "acme/.well-known");
    }
    CHECK(eventually([&] { return house.accesses().size() == 4 && house.accesses()[3].trail.route == "acme"; }));
}

TEST_CASE("only what is a token, and only to be read", "[edge]") {
    House house;
    house.blob("secret", "outside");
    write_answer(house, "abc");
    for (const char* name : {"", "..", "../acme-challenge/abc", "%61bc/", "abc/x", "a.b", "../../../blobs/secret"}) {
        INFO(name);
        Reply reply = house.client().ask(get(kBelow + name));
        CHECK((reply.status == kAskedTheApp || reply.status == 404 || reply.status == 400));
        CHECK(reply.body.find("thumbprint") == std::string::npos);
        CHECK(reply.body.find("outside") == std::string::npos);
    }
    CHECK(house.client().ask(get(kBelow + "abc", "DELETE")).status != 200);
}

TEST_CASE("what is not in the webroot goes on to the routes", "[edge]") {
    config::Edge settings = House::quick();
    config::Route all;
    all.to = "redirect:https://elsewhere.example/*";
    settings.routes = {all};
    House house(settings);
    write_answer(house, "abc");
    CHECK(house.client().ask(get(kBelow + "abc")).status == 200);
    CHECK(house.client().ask(get(kBelow + "other")).status == 308);
}
