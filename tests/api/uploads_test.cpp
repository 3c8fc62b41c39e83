// tus 1.0.0 as a client speaks it.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;
using Fields = test::HttpClient::Fields;

constexpr const char* kUploads = "/api/v1/uploads";

std::string b64(std::string_view text) { return base::base64(base::as_bytes(text)); }

Fields tus(Fields more = {}) {
    more.emplace_back("Tus-Resumable", "1.0.0");
    return more;
}

Fields part(const std::string& offset, Fields more = {}) {
    more.emplace_back("Upload-Offset", offset);
    more.emplace_back("Content-Type", "application/offset+octet-stream");
    return tus(std::move(more));
}

std::string metadata(AppServer& app, const std::string& name, const std::string& more = "") {
    return "parent_id " + b64(app.root_of("ana")) + ",filename " + b64(name) + more;
}

std::string create(AppServer& app, Caller& ana, const std::string& name, int length) {
    return ana("POST", kUploads, "",
               tus({{"Upload-Length", std::to_string(length)}, {"Upload-Metadata", metadata(app, name)}}))
        .field("location");
}

}  // namespace

TEST_CASE("tus: OPTIONS lists all extensions, to anyone") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller anyone = app.anonymous();
    test::run_cases(anyone, {{"options",
                              "OPTIONS",
                              kUploads,
                              "",
                              {},
                              204,
                              {"tus-resumable: 1.0.0", "tus-version: 1.0.0", "tus-max-size: ",
                               "tus-extension: "
                               "creation,creation-defer-length,creation-with-upload,checksum,expiration,termination",
                               "tus-checksum-algorithm: sha256,sha1,md5,crc32"}}});
}

TEST_CASE("tus: an upload from its creation to the file") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string at = create(app, ana, "a.txt", 10), head = metadata(app, "a.txt");
    REQUIRE(at.starts_with(kUploads));
    test::run_cases(
        ana, {
                 {"where",
                  "HEAD",
                  at,
                  "",
                  tus(),
                  200,
                  {"upload-offset: 0", "upload-length: 10", "upload-metadata: " + head,
                   "upload-expires: ", "cache-control: no-store", "tus-resumable: 1.0.0"}},
                 {"listed", "GET", kUploads, "", {}, 200, {"\"filename\":\"a.txt\"", "\"offset\":0"}},
                 {"first", "PATCH", at, "01234", part("0"), 204, {"upload-offset: 5", "upload-expires: "}, {"bodega-"}},
                 {"again",
                  "PATCH",
                  at,
                  "01234",
                  part("0"),
                  409,
                  {"offset_mismatch", "tus-resumable: 1.0.0", "upload-offset: 5"}},
                 {"too much", "PATCH", at, "567890", part("5"), 413},
                 {"wrong sum", "PATCH", at, "56789", part("5", {{"Upload-Checksum", "md5 " + b64("no")}}), 460},
                 {"last", "PATCH", at, "56789", part("5"), 204, {"upload-offset: 10", "bodega-entry-id: "}},
                 {"told again", "HEAD", at, "", tus(), 200, {"upload-offset: 10", "bodega-entry-id: "}},
                 {"the end again", "PATCH", at, "", part("10"), 204, {"bodega-entry-id: "}},
                 {"listed no more", "GET", kUploads, "", {}, 200, {"\"items\":[]"}},
                 {"forgotten", "DELETE", at, "", tus(), 204},
                 {"gone", "HEAD", at, "", tus(), 404},
             });
}

TEST_CASE("tus: the creation may contain nothing, a part or the whole file") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    auto with = [&](const std::string& name, const std::string& length, Fields more = {}) {
        more.emplace_back("Upload-Length", length);
        more.emplace_back("Upload-Metadata", metadata(app, name));
        more.emplace_back("Content-Type", "application/offset+octet-stream");
        return tus(std::move(more));
    };
    test::run_cases(
        ana,
        {
            {"empty", "POST", kUploads, "", with("empty", "0"), 201, {"upload-offset: 0", "bodega-entry-id: "}},
            {"whole", "POST", kUploads, "12345", with("whole", "5"), 201, {"upload-offset: 5", "bodega-entry-id: "}},
            {"part", "POST", kUploads, "123", with("part", "5"), 201, {"upload-offset: 3"}, {"bodega-entry-id"}},
            {"bad sum", "POST", kUploads, "123", with("bad", "5", {{"Upload-Checksum", "md5 " + b64("x")}}), 460},
            {"but the part is under way", "GET", kUploads, "", {}, 200, {"\"part\"", "\"offset\":3"}, {"\"bad\""}},
        });
}

TEST_CASE("tus: malformed or unsupported requests are refused") {
    AppServer app(GENERATE(from_range(test::engines())), [](config::Config& c) { c.files.max_file = 1000; });
    Caller ana = app.person("ana"), eve = app.person("eve");
    const std::string at = create(app, ana, "a.txt", 10), meta = metadata(app, "b.txt");
    auto make = [&](const std::string& length, const std::string& m) {
        return tus({{"Upload-Length", length}, {"Upload-Metadata", m}});
    };
    auto deferred = [&](const char* value, Fields more = {}) {
        more.emplace_back("Upload-Defer-Length", value);
        more.emplace_back("Upload-Metadata", meta);
        return tus(std::move(more));
    };
    auto creation = [&](const char* field, const char* value) {
        return tus({{"Upload-Length", "5"}, {"Upload-Metadata", meta}, {field, value}});
    };
    test::run_cases(
        ana, {
                 {"no version", "HEAD", at, "", {}, 412, {"tus-version: 1.0.0"}},
                 {"other version", "PATCH", at, "x", {{"Tus-Resumable", "0.2.2"}}, 412, {"tus-version: 1.0.0"}},
                 {"deferred by 0", "POST", kUploads, "", deferred("0"), 400},
                 {"deferred and told", "POST", kUploads, "", deferred("1", {{"Upload-Length", "5"}}), 400},
                 {"a part of a concatenation", "POST", kUploads, "", creation("Upload-Concat", "partial"), 400},
                 {"a concatenation", "POST", kUploads, "", creation("Upload-Concat", "final;/a /b"), 400},
                 {"one with bytes", "POST", kUploads, "12345",
                  tus({{"Upload-Length", "5"},
                       {"Upload-Metadata", meta},
                       {"Upload-Concat", "partial"},
                       {"Content-Type", "application/offset+octet-stream"}}),
                  400},
                 {"none of them is under way", "GET", kUploads, "", {}, 200, {"\"a.txt\""}, {"\"b.txt\""}},
                 {"no length", "POST", kUploads, "", tus({{"Upload-Metadata", meta}}), 400},
                 {"bad length", "POST", kUploads, "", make("-1", meta), 400},
                 {"too large", "POST", kUploads, "", make("1001", meta), 413},
                 {"no metadata", "POST", kUploads, "", tus({{"Upload-Length", "5"}}), 400},
                 {"bad base64", "POST", kUploads, "", make("5", "filename !"), 400},
                 {"bad name", "POST", kUploads, "", make("5", metadata(app, "..")), 422},
                 {"type", "PATCH", at, "x", tus({{"Upload-Offset", "0"}, {"Content-Type", "text/plain"}}), 415},
                 {"no offset", "PATCH", at, "x", tus({{"Content-Type", "application/offset+octet-stream"}}), 400},
                 {"offset", "PATCH", at, "x", part("0x1"), 400},
                 {"algorithm", "PATCH", at, "x", part("0", {{"Upload-Checksum", "sha512 YQ=="}}), 400},
                 {"no such upload", "HEAD", std::string(kUploads) + "/01ARZ3NDEKTSV4RRFFQ69G5FAV", "", tus(), 404},
             });
    CHECK(eve("HEAD", at, "", tus()).status == 404);
    CHECK(eve("PATCH", at, "x", part("0")).status == 404);
    CHECK(eve("DELETE", at, "", tus()).status == 404);
    CHECK(eve("POST", kUploads, "", make("5", meta)).status == 404);
    CHECK(ana("HEAD", at, "", tus()).field("upload-offset") == "0");
}

TEST_CASE("tus: a media type is the same in any case and with any parameters") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string at = create(app, ana, "a.txt", 100);
    int offset = 0;
    for (const char* type : {"application/offset+octet-stream", "Application/Offset+Octet-Stream",
                             "application/offset+octet-stream;charset=utf-8",
                             "application/offset+octet-stream ; a=\"b\"", "APPLICATION/OFFSET+OCTET-STREAM;"}) {
        INFO(type);
        const Fields fields = tus({{"Upload-Offset", std::to_string(offset++)}, {"Content-Type", type}});
        CHECK(ana("PATCH", at, "x", fields).status == 204);
    }
    for (const char* type : {"application/offset+octet-stream2", "application/octet-stream", "", ";",
                             "offset+octet-stream", "application/offset+octet-stream, text/plain"}) {
        INFO(type);
        const Fields fields = tus({{"Upload-Offset", std::to_string(offset)}, {"Content-Type", type}});
        CHECK(ana("PATCH", at, "x", fields).status == 415);
    }
}

TEST_CASE("tus: the endpoint may end with a slash") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string slashed = std::string(kUploads) + "/";
    const Fields fields = tus({{"Upload-Length", "2"}, {"Upload-Metadata", metadata(app, "a.txt")}});
    const auto made = ana("POST", slashed, "", fields);
    REQUIRE(made.status == 201);
    const std::string at = made.field("location");
    CHECK(at.starts_with(slashed));
    test::run_cases(ana, {
                             {"options", "OPTIONS", slashed, "", {}, 204, {"tus-version: 1.0.0"}},
                             {"list", "GET", slashed, "", {}, 200, {"\"a.txt\""}},
                             {"where", "HEAD", at, "", tus(), 200, {"upload-offset: 0"}},
                             {"part", "PATCH", at, "ab", part("0"), 204, {"bodega-entry-id: "}},
                             {"behind an id", "HEAD", at + "/", "", tus(), 404},
                         });
}

TEST_CASE("tus: POST may override the method, only at an upload") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), eve = app.person("eve");
    const std::string at = create(app, ana, "a.txt", 4), meta = metadata(app, "b.txt");
    auto as = [&](const char* method, Fields fields) {
        fields.emplace_back("X-HTTP-Method-Override", method);
        return fields;
    };
    const Fields creation = tus({{"Upload-Length", "5"}, {"Upload-Metadata", meta}});
    test::run_cases(ana,
                    {
                        {"nothing", "POST", at, "", tus(), 405, {"allow: HEAD, PATCH, DELETE, OPTIONS"}},
                        {"with bytes", "POST", at, "ab", part("0"), 405},
                        {"another", "POST", at, "", as("PUT", tus()), 405},
                        {"in small letters", "POST", at, "", as("patch", tus()), 405},
                        {"PATCH", "POST", at, "ab", as("PATCH", part("0")), 204, {"upload-offset: 2"}},
                        {"PATCH again", "POST", at, "ab", as("PATCH", part("0")), 409, {"upload-offset: 2"}},
                        {"without the version", "POST", at, "cd", as("PATCH", {{"Upload-Offset", "2"}}), 412},
                        {"HEAD", "POST", at, "", as("HEAD", tus()), 200, {"upload-offset: 2", "upload-length: 4"}},
                        {"DELETE with bytes", "POST", at, "cd", as("DELETE", tus()), 400},
                        {"a PATCH is none", "PATCH", at, "c", as("DELETE", part("2")), 204, {"upload-offset: 3"}},
                        {"DELETE", "POST", at, "", as("DELETE", tus()), 204},
                        {"gone", "HEAD", at, "", tus(), 404},
                        {"creation", "POST", kUploads, "", as("POST", creation), 201},
                        {"no creation", "POST", kUploads, "", as("PATCH", creation), 400},
                        {"elsewhere", "POST", "/api/v1/entries/" + app.root_of("ana"), "", as("DELETE", tus()), 405},
                    });
    const std::string other = create(app, ana, "c.txt", 4);
    CHECK(eve("POST", other, "ab", as("PATCH", part("0"))).status == 404);
    CHECK(eve("POST", other, "", as("DELETE", tus())).status == 404);
}

namespace {

Fields deferred(AppServer& app, const std::string& name) {
    return tus({{"Upload-Defer-Length", "1"}, {"Upload-Metadata", metadata(app, name)}});
}

}  // namespace

TEST_CASE("tus: a deferred length may be sent once") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const auto made = ana("POST", kUploads, "", deferred(app, "a.txt"));
    REQUIRE(made.status == 201);
    const std::string at = made.field("location");
    auto whole = [](const std::string& offset, const std::string& length) {
        return part(offset, {{"Upload-Length", length}});
    };
    test::run_cases(
        ana,
        {
            {"unknown", "HEAD", at, "", tus(), 200, {"upload-defer-length: 1", "upload-offset: 0"}, {"upload-length"}},
            {"listed", "GET", kUploads, "", {}, 200, {"\"size\":null"}},
            {"nothing yet", "PATCH", at, "", part("0"), 204, {"upload-offset: 0"}, {"bodega-entry-id"}},
            {"first", "PATCH", at, "0123", part("0"), 204, {"upload-offset: 4"}, {"bodega-entry-id"}},
            {"still", "HEAD", at, "", tus(), 200, {"upload-defer-length: 1", "upload-offset: 4"}},
            {"less than is there", "PATCH", at, "", whole("4", "3"), 413},
            {"less than comes", "PATCH", at, "45", whole("4", "5"), 413},
            {"no number", "PATCH", at, "45", whole("4", "x"), 400},
            {"told", "PATCH", at, "45", whole("4", "8"), 204, {"upload-offset: 6"}, {"bodega-entry-id"}},
            {"known", "HEAD", at, "", tus(), 200, {"upload-length: 8", "upload-offset: 6"}, {"upload-defer-length"}},
            {"another", "PATCH", at, "67", whole("6", "9"), 400},
            {"the same", "PATCH", at, "67", whole("6", "8"), 204, {"upload-offset: 8", "bodega-entry-id: "}},
        });
    const std::string entry = ana("HEAD", at, "", tus()).field("bodega-entry-id");
    CHECK(ana("GET", "/api/v1/entries/" + entry + "/content", "").body == "01234567");
}

TEST_CASE("tus: a deferred length may be sent with the last bytes, without bytes, and for an empty file") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    auto begin = [&](const std::string& name) {
        return ana("POST", kUploads, "", deferred(app, name)).field("location");
    };
    const std::string last = begin("last"), none = begin("none"), empty = begin("empty");
    Fields with_bytes = deferred(app, "bytes");
    with_bytes.emplace_back("Content-Type", "application/offset+octet-stream");
    test::run_cases(
        ana,
        {
            {"last", "PATCH", last, "abc", part("0", {{"Upload-Length", "3"}}), 204, {"bodega-entry-id: "}},
            {"bytes", "PATCH", none, "abc", part("0"), 204, {"upload-offset: 3"}, {"bodega-entry-id"}},
            {"none", "PATCH", none, "", part("3", {{"Upload-Length", "3"}}), 204, {"bodega-entry-id: "}},
            {"empty", "PATCH", empty, "", part("0", {{"Upload-Length", "0"}}), 204, {"bodega-entry-id: "}},
            {"with the creation", "POST", kUploads, "abc", with_bytes, 201, {"upload-offset: 3"}, {"bodega-entry-id"}},
        });
}

TEST_CASE("tus: an upload of unknown length is limited by the quota and the server's limit") {
    AppServer app(GENERATE(from_range(test::engines())), [](config::Config& c) { c.files.max_file = 100; });
    Caller ana = app.person("ana"), root = app.person("root", store::Role::admin);
    const std::string at = ana("POST", kUploads, "", deferred(app, "a.txt")).field("location");
    const std::string ten = "0123456789", much(101, 'x');
    CHECK(ana("PATCH", at, much, part("0")).status == 413);
    CHECK(ana("PATCH", at, ten, part("0", {{"Upload-Length", "101"}})).status == 413);
    CHECK(ana("PATCH", at, ten, part("0")).status == 204);
    const std::string space = ana("GET", "/api/v1/spaces", "").json()["items"][0]["id"];
    REQUIRE(root("PATCH", "/api/v1/spaces/" + space, R"({"quota_bytes":15})").status == 200);
    CHECK(ana("PATCH", at, ten, part("10")).status == 507);
    CHECK(ana("PATCH", at, "x", part("10", {{"Upload-Length", "16"}})).status == 507);
    CHECK(ana("HEAD", at, "", tus()).field("upload-defer-length") == "1");
    CHECK(ana("PATCH", at, "abcde", part("10", {{"Upload-Length", "15"}})).status == 204);
}

}  // namespace bodega
