#include "web/call/proxies.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "base/error.h"

namespace bodega::web {

TEST_CASE("the client is the last address that is not a trusted proxy's, however many field lines") {
    const Proxies proxies({"10.0.0.0/8", "127.0.0.1"});
    auto client = [&](std::string_view peer, std::vector<std::string_view> lines) {
        http::Fields fields;
        for (std::string_view line : lines) fields.push_back({"X-Forwarded-For", line, http::Name::x_forwarded});
        return proxies.client_behind(std::string(peer), fields).address;
    };
    CHECK(client("127.0.0.1", {}) == "127.0.0.1");
    CHECK(client("127.0.0.1", {"192.0.2.1"}) == "192.0.2.1");
    CHECK(client("127.0.0.1", {"198.51.100.1, 192.0.2.1 ,10.0.0.1"}) == "192.0.2.1");
    CHECK(client("127.0.0.1", {"198.51.100.1", "192.0.2.1", "10.0.0.1"}) == "192.0.2.1");
    CHECK(client("", {"2001:db8::1"}) == "2001:db8::1");
    CHECK(client("", {",,,"}).empty());
}

TEST_CASE("over TCP a proxy needs the secret to be trusted, over a unix socket it does not") {
    const Proxies none({"127.0.0.1"}), knows({"127.0.0.1"}, "s3cret");
    CHECK(none.believes("", ""));
    CHECK(knows.believes("", ""));
    CHECK(knows.believes("127.0.0.1", "s3cret"));
    for (const char* said : {"", "s3cre", "s3cret ", "S3CRET"}) {
        CHECK_FALSE(knows.believes("127.0.0.1", said));
        CHECK_FALSE(none.believes("127.0.0.1", said));
    }
    CHECK_FALSE(knows.believes("192.0.2.1", "s3cret"));
}

TEST_CASE("a malformed trusted network is refused") { CHECK_THROWS_AS(Proxies({"10.0.0.0/33"}), base::Error); }

}  // namespace bodega::web
