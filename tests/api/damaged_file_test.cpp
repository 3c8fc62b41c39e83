// A file whose size differs from the catalog is not sent: not by the edge, not by the app for another proxy, and not by
// the app itself.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>

#include "blobs/store.h"
#include "support/upload_fixture.h"

namespace bodega {
namespace {

using test::Answer;
using test::HttpClient;
using test::Protocol;
using test::some;
using test::UploadFixture;

std::string only_blob(const UploadFixture& fixture) {
    std::string found;
    for (int part = 0; part < blobs::Store::kParts; ++part)
        fixture.app_services().blobs.list_blobs(
            part, [&](const blobs::FileInfo& file) { found = blobs::Store::relative_path(file.id); });
    return fixture.app_services().blobs.root() + "/blobs/" + found;
}

struct Asked {
    const char* name;
    const char* method;
    HttpClient::Fields fields;
};

}  // namespace

TEST_CASE("a file whose size differs from the catalog is refused by app and edge", "[bodies]") {
    UploadFixture fixture(GENERATE(from_range(test::engines())), [](config::Config& c) { c.edge.file_memory = 0; });
    const std::size_t size = GENERATE(std::size_t{1'000}, std::size_t{300'000});
    const std::string bytes = some(size);
    Answer put = fixture.client().send("PUT", fixture.files("a"), fixture.fields(), bytes);
    REQUIRE(put.status == 201);
    const std::string target = "/api/v1/entries/" + std::string(put.json().at("id")) + "/content";
    const std::string blob = only_blob(fixture);
    const std::vector<Asked> asked = {{"whole", "GET", {}},
                                      {"head", "HEAD", {}},
                                      {"range", "GET", {{"Range", "bytes=0-9"}}},
                                      {"ranges", "GET", {{"Range", "bytes=0-9,20-29"}}},
                                      {"beyond", "GET", {{"Range", "bytes=999-999"}}}};
    auto check = [&](bool is_sound) {
        for (const Asked& a : asked) {
            CAPTURE(size, a.name, is_sound);
            for (Protocol speaks : {Protocol::http1, Protocol::http2}) {
                Answer answer = fixture.client(speaks).fetch(a.method, target, fixture.fields(a.fields));
                CHECK((answer.status / 100 == 2) == is_sound);
                if (!is_sound) CHECK(answer.status == 503);
            }
            for (const char* capable : {"1", ""}) {
                HttpClient::Fields fields = a.fields;
                if (*capable) fields.emplace_back("X-Accel-Capable", capable);
                Answer answer = (*fixture.person)(a.method, target, "", fields);
                CHECK((answer.status / 100 == 2) == is_sound);
                if (is_sound) CHECK(answer.field("x-accel-redirect").empty() == (*capable == '\0'));
                else CHECK(answer.status == 503);
            }
        }
    };
    check(true);
    const std::string aside = blob + ".aside";
    std::filesystem::copy_file(blob, aside);
    const auto edge_before = fixture.edge.stats().damaged_files,
               app_before = fixture.app.server().stats().damaged_files;
    for (std::size_t wrong : {size / 2, std::size_t{0}, size + 1}) {
        std::filesystem::permissions(blob, std::filesystem::perms::owner_all);
        std::filesystem::resize_file(blob, wrong);
        check(false);
    }
    std::filesystem::remove(blob);
    check(false);
    CHECK(fixture.edge.stats().damaged_files >= edge_before + 4 * 2 * asked.size());
    CHECK(fixture.app.server().stats().damaged_files >= app_before + 4 * 2 * asked.size());
    std::filesystem::rename(aside, blob);
    check(true);
}

TEST_CASE("a damaged file is not cached, and is sent again once repaired", "[bodies]") {
    UploadFixture fixture(db::Dialect::sqlite);
    const std::string bytes = some(1'000);
    Answer put = fixture.client().send("PUT", fixture.files("a"), fixture.fields(), bytes);
    REQUIRE(put.status == 201);
    const std::string blob = only_blob(fixture);
    std::filesystem::copy_file(blob, blob + ".aside");
    std::filesystem::permissions(blob, std::filesystem::perms::owner_all);
    std::filesystem::resize_file(blob, 500);
    const std::string target = "/api/v1/entries/" + std::string(put.json().at("id")) + "/content";
    CHECK(fixture.client().send("GET", target, fixture.fields()).status == 503);
    std::filesystem::rename(blob + ".aside", blob);
    CHECK(fixture.content(put.json()) == bytes);
}

}  // namespace bodega
