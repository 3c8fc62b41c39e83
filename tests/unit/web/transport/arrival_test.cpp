#include "web/transport/arrival.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using namespace bodega::web;

namespace {

constexpr std::int64_t kMax = 1000;

Arrival::Plan plan(std::string_view method, std::string_view target) {
    Arrival::Plan out;
    out.is_file = method == "PUT";
    out.is_health = target == "/readyz";
    if (method == "POST" || method == "PATCH") out.max_held = kMax;
    out.needs_credential = method == "PATCH";
    return out;
}

// The number of bytes after which the request is complete; npos: never.
std::size_t whole_after(std::string_view bytes) {
    Arrival arrival;
    for (std::size_t count = 1; count <= bytes.size(); ++count)
        if (arrival.is_whole(bytes.substr(0, count), plan)) return count;
    return std::string_view::npos;
}

struct Row {
    const char* name;
    std::string head;
    std::string body;
    std::size_t waits_for;  // bytes of the body
};

std::string with_length(std::size_t length) { return "Content-Length: " + std::to_string(length) + "\r\n"; }

}  // namespace

TEST_CASE("a request is complete with the last byte that a thread would wait for", "[web]") {
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const std::vector<Row> rows = {
        {"no body", "GET /x HTTP/1.1\r\nHost: h\r\n", "", 0},
        {"a length", "POST /x HTTP/1.1\r\nHost: h\r\n" + with_length(5), "hello", 5},
        {"its name in other letters", "POST /x HTTP/1.1\r\nHost: h\r\ncontent-LENGTH:5\r\n", "hello", 5},
        {"a length of 0", "POST /x HTTP/1.1\r\nHost: h\r\n" + with_length(0), "", 0},
        {"the longest", "POST /x HTTP/1.1\r\nHost: h\r\n" + with_length(kMax), std::string(kMax, 'x'), kMax},
        {"one more: refused", "POST /x HTTP/1.1\r\nHost: h\r\n" + with_length(kMax + 1), std::string(kMax + 1, 'x'), 0},
        {"chunks", "POST /x HTTP/1.1\r\nHost: h\r\n" + chunked, "5\r\nhello\r\n0\r\n\r\n", 15},
        {"an extension and a trailer", "POST /x HTTP/1.1\r\nHost: h\r\n" + chunked,
         "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n", 25},
        {"a chunk that is too long: refused", "POST /x HTTP/1.1\r\nHost: h\r\n" + chunked, "3e9\r\n", 5},
        {"no chunk: refused", "POST /x HTTP/1.1\r\nHost: h\r\n" + chunked, "hello", 1},
        {"two lengths: refused", "POST /x HTTP/1.1\r\nHost: h\r\n" + with_length(5) + with_length(5), "hello", 0},
        {"a length and chunks: refused", "POST /x HTTP/1.1\r\nHost: h\r\n" + with_length(5) + chunked, "hello", 0},
        {"a length that is none: refused", "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n", "hello", 0},
        {"a body that the call does not take", "DELETE /x HTTP/1.1\r\nHost: h\r\n" + with_length(5), "hello", 0},
        {"nobody, who is refused", "PATCH /x HTTP/1.1\r\nHost: h\r\n" + with_length(5), "hello", 0},
        {"somebody", "PATCH /x HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\n" + with_length(5), "hello", 5},
        {"a file", "PUT /x HTTP/1.1\r\nHost: h\r\n" + with_length(5), "hello", 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const std::string head = row.head + "\r\n";
        CHECK(whole_after(head + row.body + "GET / HTTP/1.1") == head.size() + row.waits_for);
    }
}

TEST_CASE("an incomplete head is waited for, one that is too long is not", "[web]") {
    CHECK(whole_after("GET /x HTTP/1.1\r\nHost: h\r\n") == std::string::npos);
    Arrival arrival;
    CHECK(arrival.is_whole("GET /" + std::string(Arrival::kMaxHead, 'x'), plan));
    CHECK(arrival.in_head());
}

TEST_CASE("facts known once the head is complete", "[web]") {
    Arrival health;
    CHECK(health.is_whole("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n", plan));
    CHECK(health.plan().is_health);
    Arrival waits;
    CHECK_FALSE(
        waits.is_whole("POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", plan));
    CHECK_FALSE(waits.in_head());
    CHECK(waits.take_expectation());
    CHECK_FALSE(waits.take_expectation());
    Arrival refused;
    CHECK(
        refused.is_whole("POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n", plan));
    CHECK_FALSE(refused.take_expectation());
}
