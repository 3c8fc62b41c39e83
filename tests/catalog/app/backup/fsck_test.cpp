#include "app/backup/fsck.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>

#include "support/app_fixture.h"

using namespace bodega;
using app::Finding;
using test::AppFixture;
namespace fs = std::filesystem;

namespace {

std::string path_of(AppFixture& fixture, const base::Ulid& blob) {
    return fixture.folder / "shared/blobs/" + blobs::Store::relative_path(blob);
}

app::FsckReport check(AppFixture& fixture, app::Fsck::Options options = {}) {
    return app::Fsck(fixture.services, options).run();
}

std::vector<std::string> kinds(const app::FsckReport& report) {
    std::vector<std::string> out;
    for (const Finding& finding : report.findings) out.emplace_back(app::finding_name(finding.kind));
    return out;
}

}  // namespace

TEST_CASE("fsck: a sound folder is clean, and the progress reaches its end", "[fsck]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.put("a", test::some_bytes(700'000));
    fixture.put("a", "a second version");
    fixture.put("empty", "");
    std::int64_t last = 0, total = 0;
    app::FsckReport report = app::Fsck(fixture.services, {}, [&](std::int64_t done, std::int64_t all) {
                                 CHECK(done >= last);
                                 last = done;
                                 total = all;
                             }).run();
    CHECK(report.is_clean());
    CHECK(report.blobs == 3);
    CHECK(report.bytes == 700'016);
    CHECK(last == total);
}

TEST_CASE("fsck: each kind of damage is found and reported with its file", "[fsck]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    base::Ulid gone = *fixture.put("gone.txt", "gone").entry.blob_id;
    base::Ulid cut = *fixture.put("cut.txt", "cut short").entry.blob_id;
    base::Ulid bent = *fixture.put("bent.txt", "bytes").entry.blob_id;
    base::Ulid rowless = *fixture.put("rowless.txt", "row").entry.blob_id;
    constexpr db::Sql kDrop{"test.drop", "DELETE FROM blobs WHERE id = ?"};
    fs::remove(path_of(fixture, gone));
    fs::resize_file(path_of(fixture, cut), 3);
    std::ofstream(path_of(fixture, bent)) << "BYTES";
    fixture.catalog.execute(kDrop, {rowless});
    app::FsckReport report = check(fixture);
    CHECK(kinds(report) == std::vector<std::string>{"missing", "damaged", "damaged", "dangling"});
    CHECK(report.findings[0].what.starts_with("\"gone.txt\""));
    CHECK(report.findings[3].what.starts_with("\"rowless.txt\""));
    CHECK(report.findings[0].is_loss());
    CHECK(kinds(check(fixture, {.repair = true})) == kinds(report));  // none of it can be repaired safely
    CHECK(kinds(check(fixture, {.quick = true})) == std::vector<std::string>{"missing", "damaged", "dangling"});
}

TEST_CASE("fsck: inconsistencies are reported, and repaired with --repair", "[fsck]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    constexpr db::Sql kMisCharge{"test.mischarge", "UPDATE spaces SET used_bytes = used_bytes + 7"};
    fixture.put("a", "bytes");
    base::Ulid old = base::Ulid::make(), young = base::Ulid::make();
    for (const base::Ulid& id : {old, young}) {
        fixture.blobs.create_incoming(id).seal();
        fixture.blobs.publish(id, 0);
    }
    fs::last_write_time(path_of(fixture, old), fs::file_time_type::clock::now() - std::chrono::hours(5));
    fixture.catalog.execute(kMisCharge);
    std::ofstream(fixture.folder / "shared/incoming/notes.txt") << "x";
    app::FsckReport report = check(fixture);
    CHECK(kinds(report) == std::vector<std::string>{"strange", "drift"});  // a rename is young by its ctime
    CHECK_FALSE(report.findings[1].is_loss());
    CHECK(check(fixture, {.repair = true}).findings[1].repaired);
    CHECK(kinds(check(fixture)) == std::vector<std::string>{"strange"});
    CHECK(fixture.disorder() == "");
    CHECK(fixture.blobs.size_of(young) == 0);
}
