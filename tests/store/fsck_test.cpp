#include "app/backup/fsck.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>

#include "support/app_fixture.h"

using namespace bodega;
using app::Finding;
using test::Depot;
namespace fs = std::filesystem;

namespace {

std::string path_of(Depot& depot, const base::Ulid& blob) {
    return depot.folder / "shared/blobs/" + blobs::Store::relative_path(blob);
}

app::FsckReport check(Depot& depot, app::Fsck::Options options = {}) {
    return app::Fsck(depot.services, options).run();
}

std::vector<std::string> kinds(const app::FsckReport& report) {
    std::vector<std::string> out;
    for (const Finding& finding : report.findings) out.emplace_back(app::finding_name(finding.kind));
    return out;
}

}  // namespace

TEST_CASE("fsck: what is whole is clean, and the progress comes to its end", "[fsck]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.put("a", test::some_bytes(700'000));
    depot.put("a", "a second version");
    depot.put("empty", "");
    std::int64_t last = 0, total = 0;
    app::FsckReport report = app::Fsck(depot.services, {}, [&](std::int64_t done, std::int64_t all) {
                                 CHECK(done >= last);
                                 last = done;
                                 total = all;
                             }).run();
    CHECK(report.is_clean());
    CHECK(report.blobs == 3);
    CHECK(report.bytes == 700'016);
    CHECK(last == total);
}

TEST_CASE("fsck: each kind of damage is found and named by its file", "[fsck]") {
    Depot depot(GENERATE(from_range(test::engines())));
    base::Ulid gone = *depot.put("gone.txt", "gone").entry.blob_id;
    base::Ulid cut = *depot.put("cut.txt", "cut short").entry.blob_id;
    base::Ulid bent = *depot.put("bent.txt", "bytes").entry.blob_id;
    base::Ulid rowless = *depot.put("rowless.txt", "row").entry.blob_id;
    constexpr db::Sql kDrop{"test.drop", "DELETE FROM blobs WHERE id = ?"};
    fs::remove(path_of(depot, gone));
    fs::resize_file(path_of(depot, cut), 3);
    std::ofstream(path_of(depot, bent)) << "BYTES";
    depot.catalog.execute(kDrop, {rowless});
    app::FsckReport report = check(depot);
    CHECK(kinds(report) == std::vector<std::string>{"missing", "damaged", "damaged", "dangling"});
    CHECK(report.findings[0].what.starts_with("\"gone.txt\""));
    CHECK(report.findings[3].what.starts_with("\"rowless.txt\""));
    CHECK(report.findings[0].is_loss());
    CHECK(kinds(check(depot, {.repair = true})) == kinds(report));  // nothing of it is harmless to repair
    CHECK(kinds(check(depot, {.quick = true})) == std::vector<std::string>{"missing", "damaged", "dangling"});
}

TEST_CASE("fsck: disorder is told, and repaired when asked", "[fsck]") {
    Depot depot(GENERATE(from_range(test::engines())));
    constexpr db::Sql kMisCharge{"test.mischarge", "UPDATE spaces SET used_bytes = used_bytes + 7"};
    depot.put("a", "bytes");
    base::Ulid old = base::Ulid::make(), young = base::Ulid::make();
    for (const base::Ulid& id : {old, young}) {
        depot.blobs.create_incoming(id).seal();
        depot.blobs.publish(id, 0);
    }
    fs::last_write_time(path_of(depot, old), fs::file_time_type::clock::now() - std::chrono::hours(5));
    depot.catalog.execute(kMisCharge);
    std::ofstream(depot.folder / "shared/incoming/notes.txt") << "x";
    app::FsckReport report = check(depot);
    CHECK(kinds(report) == std::vector<std::string>{"strange", "drift"});  // a rename is young by its ctime
    CHECK_FALSE(report.findings[1].is_loss());
    CHECK(check(depot, {.repair = true}).findings[1].repaired);
    CHECK(kinds(check(depot)) == std::vector<std::string>{"strange"});
    CHECK(depot.disorder() == "");
    CHECK(depot.blobs.size_of(young) == 0);
}
