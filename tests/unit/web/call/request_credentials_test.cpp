#include "web/call/request_credentials.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

namespace bodega::web {
namespace {

using config::PublicUrl;
using Cookies = std::vector<std::string>;

const std::string kRest = "; Max-Age=34560000; Secure; HttpOnly; SameSite=Lax";

Peer peer_at(std::string host, bool https) {
    Peer peer;
    peer.host = std::move(host);
    peer.https = https;
    return peer;
}

// A request with the cookies that a browser keeps of these Set-Cookie values.
struct Sent {
    explicit Sent(const Cookies& set) {
        for (const std::string& cookie : set) text.append(text.empty() ? "" : "; ").append(cookie, 0, cookie.find(';'));
        request.fields.push_back({.name = "Cookie", .value = text});
    }
    std::string text;
    http::RequestHead request;
};

}  // namespace

TEST_CASE("below a base path a cookie is sent only there, under a prefix that browsers accept", "[web]") {
    const Peer peer = peer_at("example.org", true);
    const PublicUrl root = PublicUrl::parse("https://example.org").value();
    const PublicUrl below = PublicUrl::parse("https://example.org/files/").value();
    CHECK(session_cookies("s", peer, PublicUrl()) == Cookies{"__Host-bodega=s; Path=/" + kRest});
    CHECK(session_cookies("s", peer, root) == Cookies{"__Host-bodega=s; Path=/" + kRest});
    CHECK(session_cookies("s", peer, below) == Cookies{"__Secure-bodega=s; Path=/files/" + kRest});
    CHECK(device_cookie("d", peer, below) == "__Secure-bodega_device=d; Path=/files/" + kRest);
    CHECK(session_cookies("s", peer_at("example.org:8080", false), below).back() ==
          "bodega_8080=s; Path=/files/; Max-Age=34560000; HttpOnly; SameSite=Lax");
}

TEST_CASE("a session is found by its cookie and ended where it was set", "[web]") {
    const Peer peer = peer_at("example.org:8443", true);
    for (const char* url : {"", "https://example.org:8443", "https://example.org:8443/files/"}) {
        INFO(url);
        const PublicUrl site = PublicUrl::parse(url).value();
        const Cookies set = session_cookies("s", peer, site);
        const Sent sent(set);
        CHECK(find_credential(sent.request, peer, site).source == CredentialSource::cookie);
        const Cookies ended = ended_session_cookies(sent.request, peer, site);
        REQUIRE(ended.size() == set.size());
        for (const std::string& cookie : ended)
            CHECK(cookie.find("; Path=" + site.base_path() + "; Max-Age=0;") != cookie.npos);
    }
}

TEST_CASE("a write with a cookie has to come from a page of this site", "[web]") {
    const PublicUrl site = PublicUrl::parse("https://Files.example.org:443/files/").value();
    const Peer peer = peer_at("10.0.0.1:8080", false);
    http::RequestHead request;
    request.method_name = "POST";
    request.fields.push_back({.name = "Origin", .value = ""});
    const auto refused = [&](std::string_view origin) {
        request.fields.front().value = origin;
        try {
            refuse_cross_site(request, peer, CredentialSource::cookie, site);
        } catch (const base::Error& error) {
            return error.code() == base::Code::cross_site;
        }
        return false;
    };
    for (const char* own : {"https://files.example.org", "http://files.example.org", "http://10.0.0.1:8080"}) {
        INFO(own);
        CHECK_FALSE(refused(own));
    }
    for (const char* other : {"https://files.example.org:8443", "https://example.org", "http://10.0.0.1", "null", ""}) {
        INFO(other);
        CHECK(refused(other));
    }
}

}  // namespace bodega::web
