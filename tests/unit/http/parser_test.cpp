#include "http/parser.h"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

#include "http/head_scanner.h"
#include "support/edge_vectors.h"

using namespace bodega::http;
using namespace bodega::test;

namespace {

std::string framing_text(const Framing& framing) {
    switch (framing.kind) {
        case Framing::Kind::none: return "none";
        case Framing::Kind::length: return "length:" + std::to_string(framing.length);
        case Framing::Kind::chunked: return "chunked";
        case Framing::Kind::until_close: return "until_close";
    }
    return "?";
}

std::string seen_text(const RequestHead& head) {
    std::string out(head.target);
    out.append(" ").append(head.host.empty() ? "-" : head.host).append(" ").append(framing_text(head.body));
    out.append(head.keep_alive ? " keep" : " close");
    return head.expects_continue ? out + " expect" : out;
}

// The length of the head when `first` bytes arrive, then the rest; 0: malformed or incomplete.
std::size_t head_length(std::string_view bytes, std::size_t first) {
    HeadScanner scanner;
    HeadScanner::Result result = scanner.scan(bytes.substr(0, first));
    if (result == HeadScanner::Result::incomplete) result = scanner.scan(bytes);
    return result == HeadScanner::Result::complete ? scanner.length() : 0;
}

// The result of the request when it arrives split at `first`: the status of the refusal, or 0 and what was parsed.
int outcome(std::string_view bytes, std::size_t first, std::string& seen) {
    std::size_t length = head_length(bytes, first);
    if (length == 0) return 400;
    RequestHead head;
    auto refusal = parse_request(bytes.substr(0, length), {}, head);
    if (refusal) return refusal->status;
    seen = seen_text(head);
    return 0;
}

void check(std::span<const RequestVector> vectors) {
    for (const RequestVector& vector : vectors) {
        INFO(vector.name);
        for (std::size_t cut = 0; cut <= vector.bytes.size(); ++cut) {
            std::string seen;
            INFO("cut at " << cut);
            REQUIRE(outcome(vector.bytes, cut, seen) == vector.status);
            REQUIRE(seen == vector.seen);
        }
    }
}

}  // namespace

TEST_CASE("request lines, each split at every byte", "[http][http1]") { check(request_line_vectors()); }

TEST_CASE("request fields, each split at every byte", "[http][http1]") { check(request_field_vectors()); }

TEST_CASE("request framing, each split at every byte", "[http][http1]") { check(request_framing_vectors()); }

// Rows may be added; a lost row has to fail here.
TEST_CASE("no test vector was lost", "[http][http1]") {
    CHECK(request_line_vectors().size() + request_field_vectors().size() + request_framing_vectors().size() >= 320);
    CHECK(response_vectors().size() >= 95);
    CHECK(chunked_vectors().size() >= 80);
}

TEST_CASE("every vector is named by its RFC and section, once", "[http][http1]") {
    std::set<std::string> names;
    auto look = [&](std::string_view part, std::string_view name) {
        INFO(name);
        CHECK((name.starts_with("91") || name.starts_with("3986")));
        CHECK(name.find(": ") != std::string_view::npos);
        CHECK(names.insert(std::string(part).append(name)).second);
    };
    for (const RequestVector& vector : request_line_vectors()) look("line ", vector.name);
    for (const RequestVector& vector : request_field_vectors()) look("field ", vector.name);
    for (const RequestVector& vector : request_framing_vectors()) look("framing ", vector.name);
    for (const ResponseVector& vector : response_vectors()) look("response ", vector.name);
    for (const ChunkedVector& vector : chunked_vectors()) look("chunked ", vector.name);
}

TEST_CASE("responses, each split at every byte", "[http][http1]") {
    for (const ResponseVector& vector : response_vectors()) {
        INFO(vector.name);
        for (std::size_t cut = 0; cut <= vector.bytes.size(); ++cut) {
            std::size_t length = head_length(vector.bytes, cut);
            ResponseHead head;
            bool accepted = length > 0 && !parse_response(vector.bytes.substr(0, length), {}, Method::get, head);
            REQUIRE(accepted == vector.accepted);
            if (!accepted) continue;
            std::string seen = std::to_string(head.status) + " " + framing_text(head.body);
            REQUIRE(seen + (head.keep_alive ? " keep" : " close") == vector.seen);
        }
    }
}

TEST_CASE("the answer to HEAD has no body, whatever its fields say", "[http][http1]") {
    ResponseHead head;
    CHECK_FALSE(parse_response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", {}, Method::head, head));
    CHECK(head.body.kind == Framing::Kind::none);
    CHECK(head.keep_alive);
}

TEST_CASE("a head arrives byte by byte", "[http][http1]") {
    constexpr std::string_view kHead = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    std::string bytes = std::string(kHead) + "GET /next";
    HeadScanner scanner;
    for (std::size_t i = 0; i < kHead.size(); ++i)
        REQUIRE(scanner.scan(std::string_view(bytes).substr(0, i)) == HeadScanner::Result::incomplete);
    REQUIRE(scanner.scan(bytes) == HeadScanner::Result::complete);
    CHECK(scanner.length() == kHead.size());
}

TEST_CASE("the parser refuses a head over a limit", "[http][http1]") {
    HeadLimits limits;
    limits.max_fields = 2;
    limits.max_target = 10;
    RequestHead head;
    auto refusal = parse_request("GET /234567890 HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n", limits, head);
    CHECK_FALSE(refusal);
    refusal = parse_request("GET /2345678901 HTTP/1.1\r\nHost: h\r\n\r\n", limits, head);
    REQUIRE(refusal);
    CHECK(refusal->status == 414);
    refusal = parse_request("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nC: d\r\n\r\n", limits, head);
    REQUIRE(refusal);
    CHECK(refusal->status == 431);
}
