#include "edge/exchange/kept_head.h"

#include <catch2/catch_test_macros.hpp>

#include "http/parser.h"

namespace bodega::edge {
namespace {

http::RequestHead parsed(const std::string& text) {
    http::RequestHead head;
    REQUIRE_FALSE(http::parse_request(text, {}, head));
    return head;
}

}  // namespace

TEST_CASE("a released head keeps the fields that the log needs") {
    std::string text = "POST /a/b?secret=1 HTTP/1.1\r\nHost: files.example\r\nCookie: " + std::string(5000, 'c') +
                       "\r\nUser-Agent: agent/1\r\nReferer: https://example.org/x\r\nContent-Length: 5\r\n\r\n";
    http::RequestHead head = parsed(text);
    std::string kept = keep_for_log(head);
    text.assign(text.size(), '#');
    CHECK(head.method_name == "POST");
    CHECK(head.method == http::Method::post);
    CHECK(head.host == "files.example");
    CHECK(head.path == "/a/b");
    CHECK(head.target == "/a/b");
    CHECK(head.body.length == 5);
    REQUIRE(head.fields.size() == 2);
    CHECK(head.fields[0].value == "agent/1");
    CHECK(head.fields[1].value == "https://example.org/x");
    CHECK(kept.capacity() < 200);
}

TEST_CASE("a released head keeps at most as much as the log needs") {
    const std::string text = "GET /" + std::string(4000, 'p') +
                             " HTTP/1.1\r\nHost: h\r\nUser-Agent: " + std::string(9000, 'u') +
                             "\r\nUser-Agent: second\r\nReferer: " + std::string(9000, 'r') + "\r\n\r\n";
    http::RequestHead head = parsed(text);
    std::string kept = keep_for_log(head);
    CHECK(kept.capacity() < 4000);
    CHECK(head.path.size() == 1024);
    CHECK(head.fields.size() == 2);
    // Once more is harmless.
    kept = keep_for_log(head);
    CHECK(head.path.size() == 1024);
}

}  // namespace bodega::edge
