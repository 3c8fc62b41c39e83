// PUT of files and their downloads: conditions, ranges, names and what a browser may do with them.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "blobs/checksum.h"
#include "blobs/digest.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;

std::string files_of(const std::string& folder) { return "/api/v1/entries/" + folder + "/files/"; }

std::string tag_of(std::string_view bytes) { return '"' + base::hex(blobs::sha256(base::as_bytes(bytes))) + '"'; }

test::HttpClient::Fields binary(test::HttpClient::Fields more = {}) {
    more.emplace_back("Content-Type", "application/octet-stream");
    return more;
}

}  // namespace

TEST_CASE("PUT: 201, 200, and the preconditions on an existing file") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string at = files_of(app.root_of("ana")) + "plan.txt", one = tag_of("one"), two = tag_of("two");
    test::run_cases(
        ana, {
                 {"missing, demanded", "PUT", at, "one", binary({{"If-Match", "*"}}), 412, {"precondition_failed"}},
                 {"new", "PUT", at, "one", binary(), 201, {"etag: " + one, "location: /api/v1/entries/", "\"size\":3"}},
                 {"must be new", "PUT", at, "x", binary({{"If-None-Match", "*"}}), 412},
                 {"another's tag", "PUT", at, "x", binary({{"If-Match", two}}), 412},
                 {"a weak tag", "PUT", at, "x", binary({{"If-Match", "W/" + one}}), 412},
                 {"no tag at all", "PUT", at, "x", binary({{"If-Match", "one"}}), 400},
                 {"its tag", "PUT", at, "two", binary({{"If-Match", one}}), 200, {"etag: " + two, "\"version\":2"}},
                 {"a part", "PUT", at, "x", binary({{"Content-Range", "bytes 0-0/1"}}), 400},
                 {"not complete", "PUT", at, "x", binary({{"Upload-Complete", "?0"}}), 400},
                 {"not complete, with a parameter", "PUT", at, "x", binary({{"Upload-Complete", "?0;a"}}), 400},
                 {"no boolean", "PUT", at, "x", binary({{"Upload-Complete", "1"}}), 400},
                 {"incomplete", "PUT", at, "x", binary({{"Upload-Incomplete", "?1"}}), 400},
                 {"empty", "PUT", at, "", binary(), 200, {"\"size\":0", "\"version\":3"}},
             });
}

TEST_CASE("content: conditions and ranges without an edge") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string bytes = "0123456789", tag = tag_of(bytes);
    auto put = ana("PUT", files_of(app.root_of("ana")) + "a.bin", bytes, binary());
    const std::string at = "/api/v1/entries/" + put.json()["id"].get<std::string>() + "/content";
    const std::string modified = ana("GET", at).field("last-modified");
    test::run_cases(
        ana,
        {
            {"whole", "GET", at, "", {}, 200, {"etag: " + tag, "accept-ranges: bytes", bytes}, {"x-accel"}},
            {"head", "HEAD", at, "", {}, 200, {"content-length: 10"}, {bytes}},
            {"unchanged", "GET", at, "", {{"If-None-Match", tag}}, 304, {"etag: " + tag}, {bytes}},
            {"since", "GET", at, "", {{"If-Modified-Since", modified}}, 304},
            {"not the one", "GET", at, "", {{"If-Match", tag_of("x")}}, 412},
            {"range", "GET", at, "", {{"Range", "bytes=2-4"}}, 206, {"content-range: bytes 2-4/10", "234"}, {"012"}},
            {"suffix", "GET", at, "", {{"Range", "bytes=-3"}}, 206, {"content-range: bytes 7-9/10", "789"}},
            {"beyond", "GET", at, "", {{"Range", "bytes=10-"}}, 416, {"content-range: bytes */10"}},
            {"several",
             "GET",
             at,
             "",
             {{"Range", "bytes=0-1,4-5"}},
             206,
             {"content-type: multipart/byteranges; boundary=", "Content-Range: bytes 4-5/10\r\n\r\n45\r\n--"}},
            {"if-range", "GET", at, "", {{"Range", "bytes=0-1"}, {"If-Range", tag}}, 206},
            {"if-range, other", "GET", at, "", {{"Range", "bytes=0-1"}, {"If-Range", tag_of("x")}}, 200, {bytes}},
            {"folder", "GET", "/api/v1/entries/" + app.root_of("ana") + "/content", "", {}, 409},
            {"bad disposition", "GET", at + "?disposition=run", "", {}, 400},
        });
    Caller eve = app.person("eve");
    CHECK(eve("GET", at).status == 404);
    CHECK(app.anonymous()("GET", at).status == 401);
}

TEST_CASE("content: X-Accel-Redirect only to a trusted peer that asks for it") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    auto put = ana("PUT", files_of(app.root_of("ana")) + "a.bin", "0123456789", binary());
    const std::string at = "/api/v1/entries/" + put.json()["id"].get<std::string>() + "/content";
    auto answer = ana("GET", at, "", {{"X-Accel-Capable", "1"}, {"Range", "bytes=2-4"}});
    CHECK(answer.status == 200);
    CHECK(answer.field("x-accel-redirect").starts_with("/_blobs/"));
    CHECK(answer.body.empty());
    CHECK(answer.field("etag") == tag_of("0123456789"));
    CHECK(ana("GET", at, "", {{"X-Accel-Capable", "1"}, {"If-None-Match", "*"}}).status == 304);
}

TEST_CASE("content: no uploaded file runs in the app's origin") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    struct Shown {
        const char* name;
        const char* type;
        const char* disposition;
    };
    for (const Shown& shown :
         {Shown{"evil.html", "text/plain; charset=utf-8", "inline"},
          Shown{"evil.svg", "application/octet-stream", "attachment"},
          Shown{"evil.xml", "application/octet-stream", "attachment"}, Shown{"photo.jpg", "image/jpeg", "inline"},
          Shown{"what", "application/octet-stream", "attachment"}}) {
        INFO(shown.name);
        auto put = ana("PUT", files_of(app.root_of("ana")) + shown.name, "<script>", binary());
        const std::string at = "/api/v1/entries/" + put.json()["id"].get<std::string>() + "/content";
        auto inlined = ana("GET", at + "?disposition=inline");
        CHECK(inlined.field("content-type") == shown.type);
        CHECK(inlined.field("content-disposition").starts_with(shown.disposition));
        CHECK(inlined.field("content-security-policy").starts_with("sandbox; default-src 'none'"));
        CHECK(inlined.field("x-content-type-options") == "nosniff");
        CHECK(ana("GET", at).field("content-disposition").starts_with("attachment"));
    }
}

TEST_CASE("content: a file shown as a page is not stored for the browser's history") {
    AppServer app(db::Dialect::sqlite);
    Caller ana = app.person("ana");
    const std::string file = "/api/v1/entries/" + app.root_of("ana") + "/files/a.txt";
    const std::string at = "/api/v1/entries/" +
                           ana("PUT", file, "one", {{"Content-Type", "text/plain"}}).json()["id"].get<std::string>() +
                           "/content?disposition=inline";
    const std::pair<test::HttpClient::Fields, std::string> rows[] = {
        {{}, "private, no-cache"},
        {{{"Sec-Fetch-Dest", "image"}, {"Accept", "text/html"}}, "private, no-cache"},
        {{{"Sec-Fetch-Dest", "document"}}, "no-store"},
        {{{"Sec-Fetch-Dest", "iframe"}}, "no-store"},
        {{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}, "no-store"}};
    for (const auto& [fields, wanted] : rows) CHECK(ana("GET", at, {}, fields).field("cache-control") == wanted);
}

TEST_CASE("content: older versions stay readable") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string file = files_of(app.root_of("ana")) + "a.txt";
    auto put = ana("PUT", file, "first", binary());
    ana("PUT", file, "second", binary());
    const std::string at = "/api/v1/entries/" + put.json()["id"].get<std::string>() + "/versions/";
    test::run_cases(ana, {
                             {"former", "GET", at + "1/content", "", {}, 200, {"etag: " + tag_of("first"), "first"}},
                             {"current", "GET", at + "2/content", "", {}, 200, {"etag: " + tag_of("second"), "second"}},
                             {"none", "GET", at + "3/content", "", {}, 404},
                             {"no number", "GET", at + "x/content", "", {}, 404},
                         });
}

TEST_CASE("PUT: a Content-Range of the whole file is accepted") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string at = files_of(app.root_of("ana"));
    CHECK(ana("PUT", at + "a", "x", binary({{"Upload-Complete", "?1"}})).status == 201);
    CHECK(ana("PUT", at + "b", "x", binary({{"Upload-Incomplete", "?0"}})).status == 201);
}

TEST_CASE("PUT: a wrong digest is refused, and nothing remains") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string at = files_of(app.root_of("ana")) + "plan.txt", bytes = "one";
    auto sum = [](const char* algorithm, std::string_view text) {
        auto digest = *blobs::Checksum::named(algorithm);
        digest.update(base::as_bytes(text));
        return ':' + base::base64(digest.value()) + ':';
    };
    const std::string right = "sha-256=" + sum("sha256", "one"), wrong = "sha-256=" + sum("sha256", "two"),
                      right512 = "sha-512=" + sum("sha-512", "one"), wrong512 = "sha-512=" + sum("sha-512", "two");
    for (const std::string field : {"Repr-Digest", "Content-Digest"}) {
        for (const std::string& value : {wrong, wrong512, "md5=:AA==:, " + wrong, right + ", " + wrong512,
                                         right512 + "," + wrong, wrong + ";q=1"}) {
            INFO(field << ": " << value);
            const auto answer = ana("PUT", at, bytes, binary({{field, value}}));
            CHECK(answer.status == 400);
            CHECK(answer.json()["code"] == "checksum_mismatch");
        }
        const std::string short512 = "sha-512=" + sum("sha256", "one");
        for (const char* value :
             {"sha-256", "sha-256=abc", "sha-256=:!:", "sha-256=:AA==:", "=:AA==:", short512.c_str()}) {
            INFO(field << ": " << value);
            const auto answer = ana("PUT", at, bytes, binary({{field, value}}));
            CHECK(answer.status == 400);
            CHECK(answer.json()["code"] == "invalid");
        }
    }
    CHECK(ana("PUT", at, bytes, binary({{"Repr-Digest", right}, {"Content-Digest", wrong}})).status == 400);
    CHECK(ana("PUT", at, bytes, binary({{"Repr-Digest", right512}, {"Repr-Digest", wrong}})).status == 400);
    CHECK(ana("GET", "/api/v1/entries/" + app.root_of("ana") + "/children", "").json()["items"].empty());
    CHECK(ana("PUT", at, bytes, binary({{"Repr-Digest", right}})).status == 201);
    CHECK(ana("PUT", at, bytes, binary({{"Content-Digest", right512 + ", " + right}})).status == 200);
    CHECK(ana("PUT", at, bytes, binary({{"Repr-Digest", "sha=:AA==:, unixsum=:AA==:"}})).status == 200);
}

}  // namespace bodega
