// Behaviour that all answers share, and the framing of requests.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>

#include "support/api_case.h"

namespace bodega {
namespace {

using test::Answer;
using test::AppServer;
using test::Caller;
using test::HttpClient;

constexpr const char* kBody = R"({"username":"ana","password":"correct horse battery"})";

// A sign-in as bytes, with these fields about its body.
std::string sign_in_bytes(const std::string& fields, const std::string& body) {
    return "POST /api/v1/session HTTP/1.1\r\nHost: files.example\r\nContent-Type: application/json\r\n" + fields +
           "\r\n" + body;
}

std::string in_chunks(std::string_view body, std::size_t size) {
    std::string out;
    for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
        const std::string_view piece = body.substr(0, size);
        char head[32];
        std::snprintf(head, sizeof head, "%zx;note=\"x\"\r\n", piece.size());
        out.append(head).append(piece).append("\r\n");
    }
    return out + "0\r\nTrailer: x\r\n\r\n";
}

}  // namespace

TEST_CASE("every answer of the API forbids sniffing, caching and framing") {
    AppServer app(db::Dialect::sqlite);
    Caller ana = app.person("ana");
    for (const char* target : {"/api/v1/session", "/api/v1/nowhere", "/api/v1/users"}) {
        const Answer answer = ana("GET", target);
        INFO(answer.head);
        CHECK(answer.field("x-content-type-options") == "nosniff");
        CHECK(answer.field("cache-control") == "no-store");
        CHECK(answer.field("content-security-policy") == "default-src 'none'; frame-ancestors 'none'");
        CHECK(answer.field("referrer-policy") == "no-referrer");
        CHECK(answer.field("x-request-id").size() == 26);
        CHECK(answer.fields.count("access-control-allow-origin") == 0);
        CHECK(answer.fields.count("keep-alive") == 0);
    }
}

TEST_CASE("unknown paths are 404, unknown methods 405") {
    AppServer app(db::Dialect::sqlite);
    Caller anyone = app.anonymous();
    test::run_cases(
        anyone, {{.name = "no such call",
                  .method = "GET",
                  .target = "/api/v1/nowhere",
                  .status = 404,
                  .expected = {"application/problem+json", R"("code":"not_found")"}},
                 {.name = "no such page",
                  .method = "GET",
                  .target = "/nowhere",
                  .status = 404,
                  .expected = {"application/problem+json"}},
                 {.name = "another method",
                  .method = "PATCH",
                  .target = "/api/v1/session",
                  .body = "{}",
                  .status = 405,
                  .expected = {"Allow: POST, GET, HEAD, DELETE, OPTIONS", R"("status":405)"}},
                 {.name = "405 where OPTIONS has an answer of its own",
                  .method = "PUT",
                  .target = "/api/v1/uploads",
                  .status = 405,
                  .expected = {"Allow: GET, HEAD, POST, OPTIONS\r\n"}},
                 {.name = "no method override",
                  .method = "POST",
                  .target = "/api/v1/people",
                  .fields = {{"X-HTTP-Method-Override", "GET"}},
                  .status = 405},
                 {.name = "options",
                  .method = "OPTIONS",
                  .target = "/api/v1/session",
                  .status = 204,
                  .expected = {"Allow: POST"},
                  .forbidden = {"Access-Control"}},
                 {.name = "head", .method = "HEAD", .target = "/api/v1/setup", .expected = {"Content-Length: 15"}},
                 {.name = "slash at the end", .method = "GET", .target = "/api/v1/session/", .status = 404},
                 {.name = "two slashes", .method = "GET", .target = "/api//v1/session", .status = 404},
                 {.name = "dots", .method = "GET", .target = "/api/v1/x/../session", .status = 404},
                 {.name = "half an escape", .method = "GET", .target = "/api/v1/session%2", .status = 400},
                 {.name = "an escaped letter", .method = "GET", .target = "/api/v1/s%65tup"},
                 {.name = "an escaped slash is no slash", .method = "GET", .target = "/api/v1%2fsetup", .status = 404},
                 {.name = "absolute form", .method = "GET", .target = "http://files.example/api/v1/setup"},
                 {.name = "a range is not for JSON",
                  .method = "GET",
                  .target = "/api/v1/setup",
                  .fields = {{"Range", "bytes=0-1"}},
                  .expected = {R"({"needed":)"},
                  .forbidden = {"Content-Range"}},
                 {.name = "a range in another unit",
                  .method = "GET",
                  .target = "/api/v1/setup",
                  .fields = {{"Range", "pages=1"}},
                  .expected = {R"({"needed":)"}}});
}

TEST_CASE("the app serves pages, assets and probes without an edge") {
    AppServer app(db::Dialect::sqlite);
    Caller anyone = app.anonymous();
    std::vector<test::ApiCase> cases = {
        {.name = "alive", .method = "GET", .target = "/livez", .expected = {"ok"}},
        {.name = "ready", .method = "GET", .target = "/readyz", .expected = {"ready"}},
        {.name = "not a page of the app", .method = "GET", .target = "/spaces/1/2", .status = 404},
        {.name = "no page takes a POST", .method = "POST", .target = "/", .status = 405}};
    for (const char* page : {"/", "/setup", "/sign-in", "/spaces/1", "/folders/1", "/files/1", "/trash/1", "/search",
                             "/profile", "/admin/users", "/admin/spaces", "/admin/audit", "/admin/nodes"})
        cases.push_back({.name = page,
                         .method = "GET",
                         .target = page,
                         .expected = {"text/html", "Content-Security-Policy: default-src 'none'; script-src 'self'",
                                      "nosniff", "ETag: \"", "Cache-Control: no-store"},
                         .forbidden = {"unsafe"}});
    test::run_cases(anyone, cases);
    const std::string etag = anyone("GET", "/").field("etag");
    const Answer same = anyone("GET", "/", "", {{"If-None-Match", etag}});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(anyone("GET", "/", "", {{"Accept-Encoding", "gzip;q=0, br;q=0"}}).field("content-encoding").empty());
    app.server().set_ready(false);
    CHECK(anyone("GET", "/readyz").status == 503);
    CHECK(anyone("GET", "/livez").status == 200);
}

TEST_CASE("a body with a content coding is refused, whatever the call") {
    AppServer app(db::Dialect::sqlite);
    Caller ana = app.person("ana");
    const std::string root = "/api/v1/entries/" + app.root_of("ana");
    for (const char* coding : {"gzip", "GZIP", "br", "identity, gzip"}) {
        test::run_cases(ana, {{.name = coding,
                               .method = "PUT",
                               .target = root + "/files/a.txt",
                               .body = "x",
                               .fields = {{"Content-Encoding", coding}},
                               .status = 415,
                               .expected = {"accept-encoding: identity"}},
                              {.name = coding,
                               .method = "POST",
                               .target = root + "/folders",
                               .body = R"({"name":"F"})",
                               .fields = {{"Content-Encoding", coding}},
                               .status = 415}});
    }
    CHECK(ana("PUT", root + "/files/a.txt", "x", {{"Content-Encoding", "identity"}}).status == 201);
}

TEST_CASE("each call has its own body limit") {
    AppServer app(db::Dialect::sqlite);
    Caller ana = app.person("ana");
    const std::string root = "/api/v1/entries/" + app.root_of("ana");
    auto of = [](std::size_t size) { return "{\"x\":\"" + std::string(size - 8, 'x') + "\"}"; };
    for (const char* target : {"/api/v1/session", "/api/v1/setup", "/api/v1/tokens"}) {
        INFO(target);
        CHECK(ana("POST", target, of(4096)).status == 400);
        CHECK(ana("POST", target, of(4097)).status == 413);
    }
    CHECK(ana("POST", root + "/folders", of(64 << 10)).status == 400);
    CHECK(ana("POST", root + "/folders", of((64 << 10) + 1)).status == 413);
}

TEST_CASE("JSON bodies over their limits are refused") {
    AppServer app(db::Dialect::sqlite, [](config::Config& config) { config.app.max_json = 1000; });
    Caller anyone = app.anonymous();
    auto refused = [&](std::string name, std::string body, int status, std::string why) {
        return test::ApiCase{.name = std::move(name),
                             .method = "POST",
                             .target = "/api/v1/session",
                             .body = std::move(body),
                             .status = status,
                             .expected = {std::move(why)}};
    };
    test::run_cases(anyone,
                    {refused("cut off", "{not json", 400, "not JSON"), refused("a list", "[]", 400, "JSON object"),
                     refused("text", "\"x\"", 400, "JSON object"), refused("two documents", "{}{}", 400, "not JSON"),
                     refused("not UTF-8", "{\"username\":\"\xff\"}", 400, "UTF-8"),
                     refused("deep", std::string(40, '[') + std::string(40, ']'), 400, "nested"),
                     refused("nothing", "", 400, "missing"), refused("null", R"({"username":null})", 400, "missing"),
                     refused("a number", R"({"username":1})", 400, R"(\"username\" must be text)"),
                     refused("large", std::string(1001, ' '), 413, "too_large")});
    test::run_cases(anyone, {{.name = "a body that is not taken",
                              .method = "GET",
                              .target = "/api/v1/setup",
                              .body = "{}",
                              .status = 400}});
}

TEST_CASE("a chunked body is the same body") {
    AppServer app(db::Dialect::sqlite);
    app.person("ana");
    for (std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
        HttpClient client(app.address());
        CHECK(client.raw(sign_in_bytes("Transfer-Encoding: chunked\r\n", in_chunks(kBody, size))).status == 200);
        CHECK(client.send("GET", "/api/v1/setup").status == 200);  // the connection stays usable
    }
}

TEST_CASE("a body of ambiguous length is refused, and its connection is closed") {
    AppServer app(db::Dialect::sqlite);
    app.person("ana");
    const std::string length = "Content-Length: " + std::to_string(std::string_view(kBody).size()) + "\r\n";
    const std::string chunks = in_chunks(kBody, 10);
    const std::pair<const char*, std::string> requests[] = {
        {"both", sign_in_bytes(length + "Transfer-Encoding: chunked\r\n", chunks)},
        {"twice", sign_in_bytes(length + length, kBody)},
        {"signed", sign_in_bytes("Content-Length: +54\r\n", kBody)},
        {"a list", sign_in_bytes("Content-Length: 54, 54\r\n", kBody)},
        {"huge", sign_in_bytes("Content-Length: 99999999999999999999\r\n", kBody)},
        {"another coding", sign_in_bytes("Transfer-Encoding: gzip, chunked\r\n", chunks)},
        {"chunked twice", sign_in_bytes("Transfer-Encoding: chunked, chunked\r\n", chunks)},
        {"a bare LF", sign_in_bytes("Transfer-Encoding: chunked\r\n", "2\n{}\r\n0\r\n\r\n")},
        {"no size", sign_in_bytes("Transfer-Encoding: chunked\r\n", "\r\n{}\r\n0\r\n\r\n")},
        {"a size that is none", sign_in_bytes("Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n")},
        {"longer than its size", sign_in_bytes("Transfer-Encoding: chunked\r\n", "2\r\n{}x\r\n0\r\n\r\n")},
        {"a huge chunk", sign_in_bytes("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n{}\r\n")}};
    for (const auto& [name, bytes] : requests) {
        INFO(name);
        HttpClient client(app.address());
        const Answer answer = client.raw(bytes);
        INFO(answer.head << answer.body);
        CHECK(answer.status == (name == std::string_view("another coding") ? 501 : 400));
        CHECK(answer.field("connection") == "close");
    }
}

TEST_CASE("pipelined requests are answered in order") {
    AppServer app(db::Dialect::sqlite);
    HttpClient client(app.address());
    std::string many;
    for (int i = 0; i < 300; ++i)
        many += "GET /api/v1/setup?n=" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: r" +
                std::to_string(i) + "\r\n\r\n";
    client.write(many);
    for (int i = 0; i < 300; ++i) {
        const Answer answer = client.read();
        REQUIRE(answer.status == 200);
        REQUIRE(answer.field("x-request-id") == "r" + std::to_string(i));
    }
    CHECK(client.is_open());
}

TEST_CASE("an unwanted body does not spoil the next request") {
    AppServer app(db::Dialect::sqlite);
    Caller anyone = app.anonymous();
    CHECK(anyone("PATCH", "/api/v1/users/1", std::string(2000, 'x')).status == 401);
    CHECK(anyone.client().is_open());  // a body this small is read and discarded
    CHECK(anyone("GET", "/api/v1/setup").status == 200);
    CHECK(anyone("PATCH", "/api/v1/users/1", std::string(3 << 20, 'x')).status == 401);
    CHECK_FALSE(anyone.client().is_open());  // a body this large is not
    CHECK(anyone("GET", "/api/v1/setup").status == 200);
}

TEST_CASE("a client that expects 100-continue gets it when its body is wanted") {
    AppServer app(db::Dialect::sqlite);
    app.person("ana");
    const std::string fields =
        "Expect: 100-continue\r\nContent-Length: " + std::to_string(std::string_view(kBody).size()) + "\r\n";
    HttpClient client(app.address());
    CHECK(client.raw(sign_in_bytes(fields, "")).status == 100);
    client.write(kBody);
    CHECK(client.read().status == 200);
    HttpClient refused(app.address());
    const Answer answer = refused.raw("PATCH /api/v1/users/1 HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    CHECK(answer.status == 401);  // at once, without asking for it
    CHECK(answer.field("connection") == "close");
}

TEST_CASE("a valid request id of a trusted edge is kept") {
    AppServer app(db::Dialect::sqlite);
    Caller anyone = app.anonymous();
    auto id = [&](const std::string& sent) {
        return anyone("GET", "/api/v1/nowhere", "", {{"X-Request-Id", sent}}).json().value("request_id", "");
    };
    CHECK(id("abc-123") == "abc-123");
    CHECK(id("a b").size() == 26);
    CHECK(id("a\"b").size() == 26);
    CHECK(id(std::string(65, 'x')).size() == 26);
}

}  // namespace bodega
