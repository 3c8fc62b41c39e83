// A file's own date over HTTP: sent with its bytes or by PATCH, and in the answers.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using nlohmann::json;
using test::AppServer;
using test::Caller;
using Fields = test::HttpClient::Fields;

constexpr const char* kDate = "Sun, 09 Sep 2001 01:46:40 GMT";  // 1,000,000,000 s

Fields dated(std::string date) {
    return {{"Content-Type", "application/octet-stream"}, {"X-OC-Mtime", std::move(date)}};
}

std::string b64(std::string_view text) { return base::base64(base::as_bytes(text)); }

Fields begun(AppServer& app, const std::string& more, const std::string& length) {
    std::string metadata = "parent_id " + b64(app.root_of("ana")) + ",filename " + b64("upload") + more;
    return {{"Tus-Resumable", "1.0.0"}, {"Upload-Length", length}, {"Upload-Metadata", metadata}};
}

}  // namespace

TEST_CASE("X-OC-Mtime sets the date of a PUT file", "[dates]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string at = "/api/v1/entries/" + app.root_of("ana") + "/files/a.txt";
    test::run_cases(
        ana,
        {
            {"dated",
             "PUT",
             at,
             "one",
             dated("1000000000"),
             201,
             {"x-oc-mtime: accepted", "\"modified_at\":1000000000000", "\"uploaded_at\":"}},
            {"older, with a fraction", "PUT", at, "two", dated("999999999.5"), 200, {"\"modified_at\":999999999500"}},
            {"before 1970", "PUT", at, "two", dated("-1"), 200, {"\"modified_at\":-1000,"}},
            {"out of range", "PUT", at, "x", dated("253402300800"), 400, {"X-OC-Mtime", "\"code\":\"invalid\""}},
            {"no number", "PUT", at, "x", dated("yesterday"), 400, {"X-OC-Mtime"}},
            {"none", "PUT", at, "three", {{"Content-Type", "text/plain"}}, 200, {}, {"x-oc-mtime"}},
        });
}

TEST_CASE("tus metadata date a file: mtime in seconds, lastModified in milliseconds", "[dates]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const struct {
        std::string metadata;
        int status;
        std::int64_t date;
    } rows[] = {
        {",lastModified " + b64("1000000000123"), 201, 1000000000123},
        {",mtime " + b64("1000000000.5"), 201, 1000000000500},
        {",mtime " + b64("1000000000") + ",lastModified " + b64("5"), 201, 1000000000000},
        {",lastModified " + b64("253402300800000"), 400, 0},
        {",mtime " + b64("tomorrow"), 400, 0},
        {",lastModified " + b64("1.5"), 400, 0},
        {",mtime", 400, 0},
    };
    for (const auto& row : rows) {
        INFO(row.metadata);
        const auto answer = ana("POST", "/api/v1/uploads", "", begun(app, row.metadata, "0"));
        CHECK(answer.status == row.status);
        if (row.status != 201) continue;
        const auto entry = ana("GET", "/api/v1/entries/" + answer.field("bodega-entry-id")).json();
        CHECK(entry["modified_at"] == row.date);
        CHECK(entry["uploaded_at"].get<std::int64_t>() > 1'700'000'000'000);
    }
}

TEST_CASE("PATCH sets a date, and all answers show it", "[dates]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = "/api/v1/entries/" + app.root_of("ana");
    const auto put = ana("PUT", root + "/files/a.txt", "one", {{"Content-Type", "text/plain"}}).json();
    const std::string file = "/api/v1/entries/" + put["id"].get<std::string>();
    const std::string tag = ana("GET", root + "/children").field("etag"), own = ana("GET", file).field("etag");
    const std::string now = ana("GET", file + "/content").field("last-modified");
    test::run_cases(
        ana, {
                 {"set", "PATCH", file, R"({"modified_at":1000000000000})", {}, 200, {"\"modified_at\":1000000000000"}},
                 {"with a name",
                  "PATCH",
                  file,
                  R"({"name":"b.txt","modified_at":1000000000999})",
                  {},
                  200,
                  {"b.txt", "\"modified_at\":1000000000999"}},
                 {"out of range", "PATCH", file, R"({"modified_at":253402300800000})", {}, 400, {"modified_at"}},
                 {"no number", "PATCH", file, R"({"modified_at":"2001-09-09"})", {}, 400, {"modified_at"}},
                 {"nothing", "PATCH", file, R"({})", {}, 400},
                 {"another listing", "GET", root + "/children", "", {{"If-None-Match", tag}}, 200, {"1000000000999"}},
                 {"another entry", "GET", file, "", {{"If-None-Match", own}}, 200, {"1000000000999"}},
                 {"content", "GET", file + "/content", "", {}, 200, {std::string("last-modified: ") + kDate}},
                 {"the same date", "GET", file + "/content", "", {{"If-Modified-Since", kDate}}, 304},
                 {"a later date", "GET", file + "/content", "", {{"If-Modified-Since", now}}, 200, {"one"}},
                 {"a date is no sure sign",
                  "GET",
                  file + "/content",
                  "",
                  {{"Range", "bytes=0-0"}, {"If-Range", kDate}},
                  200,
                  {"one"}},
                 {"versions", "GET", file + "/versions", "", {}, 200, {"\"modified_at\":1000000000999"}},
             });
}

TEST_CASE("the API deletes an older version", "[versions]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), eve = app.person("eve");
    const std::string at = "/api/v1/entries/" + app.root_of("ana") + "/files/a.txt";
    const Fields text = {{"Content-Type", "text/plain"}};
    const auto put = ana("PUT", at, "one", text).json();
    ana("PUT", at, "two", text);
    const std::string versions = "/api/v1/entries/" + put["id"].get<std::string>() + "/versions/";
    CHECK(eve("DELETE", versions + "1").status == 404);
    test::run_cases(ana, {
                             {"the current one", "DELETE", versions + "2", "", {}, 409, {"current content"}},
                             {"none of that number", "DELETE", versions + "7", "", {}, 404},
                             {"no number", "DELETE", versions + "x", "", {}, 404},
                             {"a former one", "DELETE", versions + "1", "", {}, 204},
                             {"gone", "GET", versions + "1/content", "", {}, 404},
                             {"once more", "DELETE", versions + "1", "", {}, 404},
                             {"the current one stays", "GET", versions + "2/content", "", {}, 200, {"two"}},
                         });
}

}  // namespace bodega
