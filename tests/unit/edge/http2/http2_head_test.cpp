#include "edge/http2/http2_head.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>
#include <vector>

using namespace bodega;
using edge::Http2Head;

namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::size_t kMax = 4096;

struct Parsed {
    Http2Head text{kMax};
    http::RequestHead head;
    int status = 0;

    explicit Parsed(const Fields& fields, Http2Head::Ends ends = Http2Head::Ends::with_its_head) {
        for (const auto& [name, value] : fields) text.add(name, value);
        auto refused = text.parse({}, ends, head);
        status = refused ? refused->status : 0;
    }
};

Fields with(Fields more,
            Fields basis = {{":method", "GET"}, {":scheme", "https"}, {":authority", "h:8"}, {":path", "/a?b"}}) {
    basis.insert(basis.end(), more.begin(), more.end());
    return basis;
}

}  // namespace

TEST_CASE("a head of HTTP/2 is rewritten as HTTP/1.1", "[http2]") {
    Parsed parsed(with({{"accept", "*/*"}, {"range", "bytes=0-1"}}));
    REQUIRE(parsed.status == 0);
    CHECK(parsed.head.method == http::Method::get);
    CHECK(parsed.head.target == "/a?b");
    CHECK(parsed.head.path == "/a");
    CHECK(parsed.head.host == "h:8");
    CHECK(parsed.head.minor == 1);
    CHECK(parsed.head.body.kind == http::Framing::Kind::none);
    CHECK(http::only_field(parsed.head.fields, http::Name::range) == "bytes=0-1");
}

TEST_CASE("cookie fields are joined into one", "[http2]") {
    Parsed parsed(with({{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}}));
    REQUIRE(parsed.status == 0);
    int seen = 0;
    for (const http::Field& field : parsed.head.fields) {
        if (field.name != "Cookie") continue;
        ++seen;
        CHECK(field.value == "a=1; b=2");
    }
    CHECK(seen == 1);
}

TEST_CASE("the HTTP/1.1 framing of an HTTP/2 body", "[http2]") {
    Parsed unknown(with({}), Http2Head::Ends::with_a_body);
    CHECK(unknown.head.body.kind == http::Framing::Kind::chunked);
    Parsed known(with({{"content-length", "5"}}), Http2Head::Ends::with_a_body);
    CHECK(known.head.body.kind == http::Framing::Kind::length);
    CHECK(known.head.body.length == 5);
    Parsed empty(with({{"content-length", "0"}}), Http2Head::Ends::with_a_body);
    CHECK(empty.head.body.kind == http::Framing::Kind::none);
    CHECK(Parsed(with({{"content-length", "5"}})).status == 400);
    Parsed expected(with({{"expect", "100-continue"}}), Http2Head::Ends::with_a_body);
    CHECK(expected.head.expects_continue);
}

TEST_CASE("Host and :authority become one field", "[http2]") {
    Parsed host({{":method", "GET"}, {":scheme", "https"}, {":path", "/"}, {"host", "h"}});
    CHECK(host.status == 0);
    CHECK(host.head.host == "h");
    CHECK(Parsed(with({{"host", "H:8"}})).status == 0);
    CHECK(Parsed(with({{"host", "other"}})).status == 400);
    CHECK(Parsed({{":method", "GET"}, {":scheme", "https"}, {":path", "/"}}).status == 400);
}

TEST_CASE("heads of HTTP/2 that are refused", "[http2]") {
    using namespace std::string_view_literals;
    const std::vector<std::pair<Fields, int>> vectors = {
        // RFC 9113 section 8.2.1: bytes that would end a line or a name in HTTP/1.1
        {{{"x", "a\r\nEvil: 1"}}, 400},
        {{{"x", "a\nb"}}, 400},
        {{{"x", "a\0b"sv}}, 400},
        {{{"x\r\nevil", "1"}}, 400},
        {{{"x evil", "1"}}, 400},
        {{{"x:", "1"}}, 400},
        {{{"", "1"}}, 400},
        {{{"X-Upper", "1"}}, 400},
        // section 8.2.2
        {{{"connection", "close"}}, 400},
        {{{"keep-alive", "1"}}, 400},
        {{{"proxy-connection", "close"}}, 400},
        {{{"transfer-encoding", "chunked"}}, 400},
        {{{"upgrade", "websocket"}}, 400},
        {{{"te", "gzip"}}, 400},
        // section 8.1.1
        {{{"content-length", "0"}, {"content-length", "0"}}, 400},
        {{{"content-length", "+0"}}, 400},
        // section 8.3
        {{{":method", "PUT"}}, 400},
        {{{":protocol", "websocket"}}, 400},
        {{{"expect", "tea"}}, 417},
    };
    for (const auto& [more, status] : vectors) {
        INFO(more.front().first << ": " << more.front().second);
        CHECK(Parsed(with(more)).status == status);
    }
    CHECK(Parsed(with({{"te", "trailers"}})).status == 0);
}

TEST_CASE("pseudo-headers of HTTP/2 that are refused", "[http2]") {
    struct Vector {
        std::string_view method, scheme, authority, path;
        int status;
    };
    for (const Vector& v : std::vector<Vector>{{"G T", "http", "h", "/", 400},
                                               {"", "http", "h", "/", 400},
                                               {"GET", "ftp", "h", "/", 400},
                                               {"GET", "", "h", "/", 400},
                                               {"GET", "http", "", "/", 400},
                                               {"GET", "http", "u@h", "/", 400},
                                               {"GET", "http", "h\r\nX: 1", "/", 400},
                                               {"GET", "http", "h", "", 400},
                                               {"GET", "http", "h", "*", 400},
                                               {"GET", "http", "h", "http://h/", 400},
                                               {"GET", "http", "h", "/ HTTP/1.1\r\nX: 1", 400},
                                               {"GET", "http", "h", "/#x", 400},
                                               {"CONNECT", "", "h:1", "", 501},
                                               {"OPTIONS", "http", "h", "*", 0}}) {
        INFO(v.method << " " << v.scheme << " " << v.authority << " " << v.path);
        CHECK(Parsed({{":method", v.method}, {":scheme", v.scheme}, {":authority", v.authority}, {":path", v.path}})
                  .status == v.status);
    }
}

TEST_CASE("a head of HTTP/2 is limited, and fields that are not kept count, too", "[http2]") {
    Fields many;
    for (int i = 0; i < 101; ++i) many.emplace_back("x", "y");
    CHECK(Parsed(with(many)).status == 431);
    std::string big(kMax, 'x');
    Parsed parsed(with({{"x", big}, {"y", big}}));
    CHECK(parsed.status == 431);
    CHECK(parsed.text.size() > 2 * kMax);
    std::string path = "/" + std::string(9000, 'x');
    Http2Head head(100000);
    for (auto [name, value] : Fields{{":method", "GET"}, {":scheme", "http"}, {":authority", "h"}, {":path", path}})
        head.add(name, value);
    http::RequestHead out;
    CHECK(head.parse({}, Http2Head::Ends::with_its_head, out)->status == 414);
}

TEST_CASE("Host may name the default port that :authority leaves out, and the other way round", "[http2]") {
    auto status = [](std::string_view scheme, std::string_view authority, std::string_view host) {
        return Parsed(
                   {{":method", "GET"}, {":scheme", scheme}, {":authority", authority}, {":path", "/"}, {"host", host}})
            .status;
    };
    CHECK(status("https", "h", "h:443") == 0);
    CHECK(status("https", "h:443", "H") == 0);
    CHECK(status("http", "h:80", "h") == 0);
    CHECK(status("https", "h", "h:80") == 400);
    CHECK(status("http", "h", "h:443") == 400);
    CHECK(status("https", "h", "i") == 400);
}

TEST_CASE("a method longer than any is a 501", "[http2]") {
    const std::string method(65, 'A');
    CHECK(Parsed({{":method", method}, {":scheme", "https"}, {":authority", "h"}, {":path", "/"}}).status == 501);
}
