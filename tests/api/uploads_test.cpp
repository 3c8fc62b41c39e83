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

TEST_CASE("tus: OPTIONS tells all, to anyone") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller anyone = app.anonymous();
    test::run_cases(anyone, {{"options",
                              "OPTIONS",
                              kUploads,
                              "",
                              {},
                              204,
                              {"tus-resumable: 1.0.0", "tus-version: 1.0.0", "tus-max-size: ",
                               "tus-extension: creation,creation-with-upload,checksum,expiration,termination",
                               "tus-checksum-algorithm: sha256,sha1,md5,crc32"}}});
}

TEST_CASE("tus: from creation to the file") {
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
                 {"again", "PATCH", at, "01234", part("0"), 409, {"offset_mismatch", "tus-resumable: 1.0.0"}},
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

TEST_CASE("tus: the file may come with the creation, empty or whole or in part") {
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

TEST_CASE("tus: what is malformed or not offered is refused") {
    AppServer app(GENERATE(from_range(test::engines())), [](config::Config& c) { c.files.max_file = 1000; });
    Caller ana = app.person("ana"), eve = app.person("eve");
    const std::string at = create(app, ana, "a.txt", 10), meta = metadata(app, "b.txt");
    auto make = [&](const std::string& length, const std::string& m) {
        return tus({{"Upload-Length", length}, {"Upload-Metadata", m}});
    };
    Fields deferred = tus({{"Upload-Defer-Length", "1"}, {"Upload-Metadata", meta}});
    test::run_cases(
        ana, {
                 {"no version", "HEAD", at, "", {}, 412, {"tus-version: 1.0.0"}},
                 {"other version", "PATCH", at, "x", {{"Tus-Resumable", "0.2.2"}}, 412, {"tus-version: 1.0.0"}},
                 {"deferred", "POST", kUploads, "", deferred, 400},
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

}  // namespace bodega
