#include "edge/proxy/compression.h"

#include <catch2/catch_test_macros.hpp>

#include "http/parser.h"

namespace bodega::edge {
namespace {

// How an answer with these lines to a request with those is coded: "never", "unwanted", or "gzip".
std::string verdict(const std::string& request_lines, const std::string& answer_lines,
                    std::string_view method = "GET") {
    std::string asked = std::string(method) + " /api/x HTTP/1.1\r\nHost: h\r\n" + request_lines + "\r\n";
    std::string said = "HTTP/1.1 200 OK\r\n" + answer_lines + "\r\n";
    http::RequestHead request;
    http::ResponseHead answer;
    REQUIRE_FALSE(http::parse_request(asked, {}, request));
    REQUIRE_FALSE(http::parse_response(said, {}, request.method, answer));
    switch (compression_of(request, answer, 1024)) {
        case Compression::never: return "never";
        case Compression::unwanted: return "unwanted";
        case Compression::gzip: return "gzip";
    }
    return "?";
}

const std::string kWants = "Accept-Encoding: gzip, br\r\n";
const std::string kJson = "Content-Type: application/json\r\n";
const std::string kLong = "Content-Length: 5000\r\n";

}  // namespace

TEST_CASE("long texts are compressed for clients that accept gzip", "[edge]") {
    CHECK(verdict(kWants, kJson + kLong) == "gzip");
    CHECK(verdict(kWants, kJson + "Transfer-Encoding: chunked\r\n") == "gzip");
    CHECK(verdict(kWants, kJson + kLong, "HEAD") == "gzip");
    CHECK(verdict(kWants, kLong + "Content-Type: Text/HTML; charset=utf-8\r\n") == "gzip");
    CHECK(verdict(kWants, kLong + "Content-Type: application/activity+json\r\n") == "gzip");
    CHECK(verdict("", kJson + kLong) == "unwanted");
    CHECK(verdict("Accept-Encoding: gzip;q=0\r\n", kJson + kLong) == "unwanted");
    CHECK(verdict("Accept-Encoding: gzip;q=0.5, identity\r\n", kJson + kLong) == "unwanted");
}

TEST_CASE("short, binary or compressed answers are not compressed", "[edge]") {
    CHECK(verdict(kWants, kJson + "Content-Length: 1024\r\n") == "never");
    CHECK(verdict(kWants, kJson + "Content-Length: 1025\r\n") == "gzip");
    CHECK(verdict(kWants, kJson + "Content-Length: 10\r\n", "HEAD") == "never");
    CHECK(verdict(kWants, kLong + "Content-Type: image/png\r\n") == "never");
    CHECK(verdict(kWants, kLong + "Content-Type: text/event-stream\r\n") == "never");
    CHECK(verdict(kWants, kLong) == "never");
    CHECK(verdict(kWants, kJson + kLong + "Content-Encoding: br\r\n") == "never");
    CHECK(verdict(kWants, kJson + kLong + "Content-Range: bytes 0-4999/9999\r\n") == "never");
}

TEST_CASE("answers that must not change or reveal their length are not compressed", "[edge]") {
    CHECK(verdict(kWants, kJson + kLong + "Cache-Control: private, No-Transform\r\n") == "never");
    CHECK(verdict(kWants + "Cache-Control: no-transform\r\n", kJson + kLong) == "unwanted");
    CHECK(verdict(kWants, kJson + kLong + "Repr-Digest: sha-256=:x:\r\n") == "never");
    CHECK(verdict(kWants, kJson + kLong + "X-Accel-Buffering: no\r\n") == "never");
    CHECK(verdict(kWants, kJson + kLong + "Set-Cookie: a=b\r\n") == "never");
    CHECK(verdict(kWants, kJson + kLong, "POST") == "never");
    CHECK(verdict(kWants + "Sec-Fetch-Site: cross-site\r\n", kJson + kLong) == "unwanted");
}

TEST_CASE("the head matches the compressed body", "[edge]") {
    std::string said = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nAccept-Ranges: bytes\r\nVary: Cookie\r\n\r\n";
    http::ResponseHead answer;
    REQUIRE_FALSE(http::parse_response(said, {}, http::Method::get, answer));
    std::string etag;
    announce(Compression::gzip, answer, etag);
    CHECK(http::only_field(answer.fields, http::Name::etag) == "W/\"a\"");
    CHECK(http::only_field(answer.fields, http::Name::content_encoding) == "gzip");
    CHECK_FALSE(http::only_field(answer.fields, http::Name::accept_ranges));
    auto varies = [&] {
        std::string out;
        for (const http::Field& field : answer.fields)
            if (field.name == "Vary") out.append(field.value).append(";");
        return out;
    };
    CHECK(varies() == "Cookie;Accept-Encoding;");

    REQUIRE_FALSE(http::parse_response("HTTP/1.1 200 OK\r\nVary: *\r\n\r\n", {}, http::Method::get, answer));
    announce(Compression::unwanted, answer, etag);
    CHECK(varies() == "*;");
    CHECK_FALSE(http::only_field(answer.fields, http::Name::content_encoding));
}

}  // namespace bodega::edge
