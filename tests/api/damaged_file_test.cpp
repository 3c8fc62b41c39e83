// A file whose bytes are not as many as the catalog says is not sent: not by the edge, not by the app for another
// proxy, and not by the app itself.
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
using test::UploadHouse;

std::string only_blob(const UploadHouse& house) {
    std::string found;
    for (int top = 0; top < blobs::Store::kTopFolders; ++top)
        house.app_services().blobs.list_blobs(
            top, [&](const blobs::FileInfo& file) { found = blobs::Store::relative_path(file.id); });
    return house.app_services().blobs.root() + "/blobs/" + found;
}

struct Asked {
    const char* name;
    const char* method;
    HttpClient::Fields fields;
};

}  // namespace

TEST_CASE("a file of another size than the catalog's is refused, whoever would send it", "[bodies]") {
    UploadHouse house(GENERATE(from_range(test::engines())), [](config::Config& c) { c.edge.file_memory = 0; });
    const std::size_t size = GENERATE(std::size_t{1'000}, std::size_t{300'000});
    const std::string bytes = some(size);
    Answer put = house.client().send("PUT", house.files("a"), house.fields(), bytes);
    REQUIRE(put.status == 201);
    const std::string target = "/api/v1/entries/" + std::string(put.json().at("id")) + "/content";
    const std::string blob = only_blob(house);
    const std::vector<Asked> asked = {{"whole", "GET", {}},
                                      {"head", "HEAD", {}},
                                      {"range", "GET", {{"Range", "bytes=0-9"}}},
                                      {"ranges", "GET", {{"Range", "bytes=0-9,20-29"}}},
                                      {"beyond", "GET", {{"Range", "bytes=999-999"}}}};
    auto check = [&](bool is_sound) {
        for (const Asked& a : asked) {
            CAPTURE(size, a.name, is_sound);
            for (Protocol speaks : {Protocol::http1, Protocol::http2}) {
                Answer answer = house.client(speaks).fetch(a.method, target, house.fields(a.fields));
                CHECK((answer.status / 100 == 2) == is_sound);
                if (!is_sound) CHECK(answer.status == 503);
            }
            for (const char* capable : {"1", ""}) {
                HttpClient::Fields fields = a.fields;
                if (*capable) fields.emplace_back("X-Accel-Capable", capable);
                Answer answer = (*house.person)(a.method, target, "", fields);
                CHECK((answer.status / 100 == 2) == is_sound);
                if (is_sound) CHECK(answer.field("x-accel-redirect").empty() == (*capable == '\0'));
                else CHECK(answer.status == 503);
            }
        }
    };
    check(true);
    const std::string aside = blob + ".aside";
    std::filesystem::copy_file(blob, aside);
    const auto edge_before = house.edge.stats().damaged_files, app_before = house.app.server().stats().damaged_files;
    for (std::size_t wrong : {size / 2, std::size_t{0}, size + 1}) {
        std::filesystem::permissions(blob, std::filesystem::perms::owner_all);
        std::filesystem::resize_file(blob, wrong);
        check(false);
    }
    std::filesystem::remove(blob);
    check(false);
    CHECK(house.edge.stats().damaged_files >= edge_before + 4 * 2 * asked.size());
    CHECK(house.app.server().stats().damaged_files >= app_before + 4 * 2 * asked.size());
    std::filesystem::rename(aside, blob);
    check(true);
}

TEST_CASE("a damaged file is not kept in memory: once it is mended, it is sent", "[bodies]") {
    UploadHouse house(db::Dialect::sqlite);
    const std::string bytes = some(1'000);
    Answer put = house.client().send("PUT", house.files("a"), house.fields(), bytes);
    REQUIRE(put.status == 201);
    const std::string blob = only_blob(house);
    std::filesystem::copy_file(blob, blob + ".aside");
    std::filesystem::permissions(blob, std::filesystem::perms::owner_all);
    std::filesystem::resize_file(blob, 500);
    const std::string target = "/api/v1/entries/" + std::string(put.json().at("id")) + "/content";
    CHECK(house.client().send("GET", target, house.fields()).status == 503);
    std::filesystem::rename(blob + ".aside", blob);
    CHECK(house.content(put.json()) == bytes);
}

}  // namespace bodega
