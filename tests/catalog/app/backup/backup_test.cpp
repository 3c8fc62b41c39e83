// Backups: complete, consistent while files come and go, copied once, and restored to either engine.
#include "app/backup/backup.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>

#include "app/backup/backup_prune.h"
#include "app/backup/backup_verify.h"
#include "app/backup/fsck.h"
#include "app/backup/restore.h"
#include "app/backup/transfer_target.h"
#include "base/error.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "store/tree/entries.h"
#include "support/app_fixture.h"

using namespace bodega;
using Catch::Matchers::ContainsSubstring;
using db::Dialect;
using test::AppFixture;
namespace fs = std::filesystem;

namespace {

const app::BackupProgress kSilent = [](const app::BackupWork&) {};

std::string blob_file(const std::string& shared, const base::Ulid& blob) {
    return shared + "/blobs/" + blobs::Store::relative_path(blob);
}

const base::Ulid kCatalog = base::Ulid::make();
const blobs::BackupFolder::Writer kWriter{.catalog = kCatalog};

app::Backup::Report back_up(AppFixture& fixture, const app::BackupProgress& progress = kSilent,
                            int verify_percent = 0) {
    blobs::BackupFolder to(fixture.folder / "backup", kWriter);
    return app::Backup(fixture.services, to, {.threads = 3, .verify_percent = verify_percent}, progress).run();
}

std::vector<std::string> snapshots(AppFixture& fixture) {
    return blobs::BackupFolder(fixture.folder / "backup").snapshots();
}

// An empty bodega to restore into, of either engine.
struct Ruin {
    explicit Ruin(Dialect engine) : catalog(engine, test::TestCatalog::Empty{}), blobs(folder / "shared") {}

    app::Restore::Report restore(const std::string& from, const app::BackupProgress& progress = kSilent,
                                 app::Restore::Options options = {}) {
        blobs::BackupFolder backup(from);
        auto report =
            app::Restore(backup, backup.snapshots().back(), catalog.pool(), blobs.root(), options, progress).run();
        if (report.has_ended) db::migrate(catalog.source());
        return report;
    }

    std::string refusal(const std::string& from) {
        try {
            restore(from);
            return "";
        } catch (const base::Error& error) {
            return error.what();
        }
    }

    std::string findings() {
        std::string all;
        const app::Services services{config, catalog.pool(), blobs};
        for (const app::Finding& finding : app::Fsck(services, {}).run().findings) all += finding.what + "; ";
        return all;
    }

    std::string content(const base::Ulid& entry) {
        const auto blob = store::Entries(*catalog.pool().acquire()).find(entry).value().blob_id.value();
        blobs::Reader reader = blobs.open(blob);
        std::string out(static_cast<std::size_t>(reader.size()), '\0');
        out.resize(reader.read_at({reinterpret_cast<std::uint8_t*>(out.data()), out.size()}, 0));
        return out;
    }

    std::int64_t rows(const std::string& table) {
        return catalog.number({"test.rows", "SELECT COUNT(*) FROM " + table});
    }

    test::TempFolder folder;
    test::TestCatalog catalog;
    blobs::Store blobs;
    config::Config config;
};

Dialect other(Dialect engine) { return engine == Dialect::sqlite ? Dialect::mysql : Dialect::sqlite; }

// Collects garbage as if all released blobs were old.
void sweep_beside(AppFixture& fixture) {
    fixture.age_blobs();
    app::GarbageCollector collector(fixture.services, base::Ulid::make(), std::chrono::hours(-1));
    REQUIRE(collector.pass());
    collector.leave();
}

}  // namespace

TEST_CASE("backup: it restores to the other engine, and fsck finds nothing", "[backup]") {
    const Dialect engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    const base::Ulid a = fixture.put("a", test::some_bytes(3'000'000)).entry.id;
    fixture.put("b", "first version");
    const base::Ulid b = fixture.put("b", "second version").entry.id;
    fixture.put("empty", "");
    fixture.create("unfinished", 100);
    const auto done = back_up(fixture);
    CHECK(done.is_complete());
    CHECK(done.done.copied == 4);
    CHECK(done.done.bytes == done.done.all_bytes);
    CHECK(done.done.rows == done.done.all_rows);
    CHECK(snapshots(fixture) == std::vector{done.snapshot});

    Ruin ruin(other(engine));
    const auto restored = ruin.restore(fixture.folder / "backup");
    CHECK(restored.done.copied == 4);
    CHECK(restored.done.rows == done.done.rows);
    CHECK(ruin.findings() == "");
    CHECK(ruin.content(a) == test::some_bytes(3'000'000));
    CHECK(ruin.content(b) == "second version");
    CHECK(ruin.rows("versions") == 1);
    CHECK(ruin.rows("uploads") == 0);
    CHECK(ruin.rows("transfers") == 0);
    CHECK_THAT(ruin.refusal(fixture.folder / "backup"), ContainsSubstring("is not empty"));
}

TEST_CASE("backup: files that are added or deleted meanwhile neither break it nor are in it", "[backup]") {
    const Dialect engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    fixture.config.files.versions_keep = 0;
    for (int i = 0; i < 20; ++i)
        fixture.put("file " + std::to_string(i), test::some_bytes(1000, static_cast<unsigned>(i)));
    bool changed = false;
    const auto done = back_up(fixture, [&](const app::BackupWork& work) {
        if (!work.files || std::exchange(changed, true)) return;
        for (int i = 0; i < 20; ++i) fixture.put("file " + std::to_string(i), "replaced");
        fixture.put("later", "later");
        sweep_beside(fixture);
    });
    CHECK(changed);
    CHECK(done.is_complete());
    Ruin ruin(engine);
    ruin.restore(fixture.folder / "backup");
    CHECK(ruin.findings() == "");
    CHECK(ruin.rows("blobs") == 20);
    CHECK(ruin.rows("entries") == 21);
    // The gc pin has ended.
    sweep_beside(fixture);
    constexpr db::Sql kBlobs{"test.blobs", "SELECT COUNT(*) FROM blobs"};
    CHECK(fixture.catalog.number(kBlobs) == 21);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("backup: existing files are not copied again, and each snapshot has the state of its time", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.put("a", "aaa");
    CHECK(back_up(fixture).done.copied == 1);
    fixture.put("b", "bbb");
    const auto second = back_up(fixture);
    CHECK(second.done.copied == 1);
    CHECK(second.done.kept == 1);
    CHECK(snapshots(fixture).size() == 2);
    Ruin ruin(Dialect::sqlite);
    blobs::BackupFolder backup(fixture.folder / "backup");
    app::Restore(backup, backup.snapshots().front(), ruin.catalog.pool(), ruin.blobs.root(), {}, kSilent).run();
    CHECK(ruin.rows("blobs") == 1);
    CHECK(ruin.findings() == "");
}

TEST_CASE("backup: old snapshots are removed with the files that only they name", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.versions_keep = 0;
    const base::Ulid shared = fixture.put("kept", "kept").entry.blob_id.value();
    const base::Ulid first = fixture.put("a", "one").entry.blob_id.value();
    back_up(fixture);
    const base::Ulid second = fixture.put("a", "two").entry.blob_id.value();
    back_up(fixture);
    const base::Ulid third = fixture.put("a", "three").entry.blob_id.value();
    back_up(fixture);
    const std::vector<std::string> all = snapshots(fixture);
    REQUIRE(all.size() == 3);
    blobs::BackupFolder folder(fixture.folder / "backup", kWriter);
    CHECK(app::prune_backups(folder, 3, all[2]).snapshots == 0);
    SECTION("two are kept") {
        const app::Pruned pruned = app::prune_backups(folder, 2, all[2]);
        CHECK(pruned.snapshots == 1);
        CHECK(pruned.blobs == 1);
        CHECK(folder.snapshots() == std::vector{all[1], all[2]});
        CHECK(folder.blobs().size_of(first) < 0);
        for (const base::Ulid& id : {shared, second, third}) CHECK(folder.blobs().size_of(id) > 0);
    }
    SECTION("an unreadable snapshot keeps all files") {
        fs::resize_file(folder.path_of(all[1]), 100);
        CHECK_THROWS_AS(app::prune_backups(folder, 2, all[2]), base::Error);
        CHECK(folder.snapshots() == all);
        CHECK(folder.blobs().size_of(first) > 0);
    }
}

TEST_CASE("backup: pruning keeps the snapshot just taken after a clock step back, and other catalogs' snapshots",
          "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const base::Ulid a = fixture.put("a", "one").entry.blob_id.value();
    const std::string theirs = back_up(fixture).snapshot;
    const std::string snapshots_folder = fixture.folder / "backup/snapshots/";
    fs::rename(snapshots_folder + theirs, snapshots_folder + "29990101T000000.000Z.catalog");
    fixture.put("a", "two");
    const blobs::BackupFolder::Writer other{.catalog = base::Ulid::make()};
    CHECK_THROWS_WITH(blobs::BackupFolder(fixture.folder / "backup", other), ContainsSubstring("another catalog"));
    SECTION("its own later snapshot is removed") {
        const std::string taken = back_up(fixture).snapshot;
        blobs::BackupFolder folder(fixture.folder / "backup", kWriter);
        CHECK(app::prune_backups(folder, 1, taken).snapshots == 1);
        CHECK(folder.snapshots() == std::vector{taken});
    }
    SECTION("a copied snapshot of another catalog stays with its files") {
        fs::remove(fixture.folder / "backup/bodega-backup.json");
        blobs::BackupFolder folder(fixture.folder / "backup", {.catalog = other.catalog, .adopts = true});
        const std::string taken = app::Backup(fixture.services, folder, {}, kSilent).run().snapshot;
        CHECK(app::prune_backups(folder, 1, taken).snapshots == 0);
        CHECK(folder.snapshots().size() == 2);
        CHECK(folder.blobs().size_of(a) == 3);
    }
}

TEST_CASE("backup: a run that lost its gc pin ends", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::GcPin hold(fixture.catalog.pool(), std::chrono::seconds(0));
    hold.keep();
    fixture.catalog.execute({"test.end", "UPDATE leases SET expires_at = 0 WHERE name = 'backup'"});
    CHECK_THROWS_WITH(hold.keep(), ContainsSubstring("run the backup again"));
}

TEST_CASE("backup: a run with a missing file leaves no snapshot", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const base::Ulid missing = fixture.put("a", "aaa").entry.blob_id.value();
    const base::Ulid damaged = fixture.put("b", "bbb").entry.blob_id.value();
    const base::Ulid well = fixture.put("c", "ccc").entry.blob_id.value();
    fs::remove(blob_file(fixture.folder / "shared", missing));
    std::ofstream(blob_file(fixture.folder / "shared", damaged)) << "BBB";
    const auto done = back_up(fixture);
    CHECK(done.problems.size() == 2);
    CHECK(snapshots(fixture).empty());
    CHECK(fs::exists(blob_file(fixture.folder / "backup", well)));
    CHECK_FALSE(fs::exists(blob_file(fixture.folder / "backup", damaged)));
}

TEST_CASE("backup: only one at a time for each catalog and each folder", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string refused;
    back_up(fixture, [&](const app::BackupWork&) {
        try {
            blobs::BackupFolder to(fixture.folder / "another", kWriter);
            app::Backup(fixture.services, to, {}, kSilent).run();
        } catch (const base::Error& error) {
            refused = error.what();
        }
        CHECK_THROWS_WITH(blobs::BackupFolder(fixture.folder / "backup", kWriter),
                          ContainsSubstring("another process writes a backup"));
    });
    CHECK_THAT(refused, ContainsSubstring("another backup of this catalog is under way"));
    CHECK(back_up(fixture).is_complete());
}

TEST_CASE("backup: interrupted at any moment it leaves no snapshot, and continues", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    for (int i = 0; i < 5; ++i)
        fixture.put("file " + std::to_string(i), test::some_bytes(1000, static_cast<unsigned>(i)));
    struct Ended {};
    for (int at = 1; at < 12; at += 3) {
        int left = at;
        CHECK_THROWS_AS(back_up(fixture,
                                [&](const app::BackupWork&) {
                                    if (--left == 0) throw Ended{};
                                }),
                        Ended);
        CHECK(snapshots(fixture).empty());
    }
    CHECK(back_up(fixture).is_complete());
    Ruin ruin(Dialect::sqlite);
    ruin.restore(fixture.folder / "backup");
    CHECK(ruin.findings() == "");
}

TEST_CASE("restore: interrupted at any moment it continues, and no node serves it before", "[backup]") {
    const Dialect engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    for (int i = 0; i < 5; ++i)
        fixture.put("file " + std::to_string(i), test::some_bytes(1000, static_cast<unsigned>(i)));
    back_up(fixture);
    Ruin ruin(other(engine));
    struct Ended {};
    for (int at = 1; at < 12; at += 3) {
        int left = at;
        CHECK_THROWS_AS(ruin.restore(fixture.folder / "backup",
                                     [&](const app::BackupWork&) {
                                         if (--left == 0) throw Ended{};
                                     }),
                        Ended);
        CHECK_THROWS_AS(store::refuse_unfinished_transfer(*ruin.catalog.pool().acquire()), base::Error);
    }
    CHECK(ruin.restore(fixture.folder / "backup").done.kept == 5);
    CHECK(ruin.findings() == "");
    store::refuse_unfinished_transfer(*ruin.catalog.pool().acquire());
}

TEST_CASE("restore: an incomplete or damaged backup is refused", "[backup]") {
    AppFixture fixture(Dialect::sqlite);
    const base::Ulid blob = fixture.put("a", "aaa").entry.blob_id.value();
    const std::string backup = fixture.folder / "backup";
    Ruin ruin(GENERATE(from_range(test::engines())));
    CHECK_THAT(ruin.refusal(backup), ContainsSubstring("is no folder of backups"));
    const std::string snapshot = backup + "/snapshots/" + back_up(fixture).snapshot;
    SECTION("the snapshot") {
        fs::resize_file(snapshot, fs::file_size(snapshot) - 1);
        CHECK_THAT(ruin.refusal(backup), ContainsSubstring("is torn or was changed"));
    }
    SECTION("the target holds another transfer") {
        app::make_transfer_target(ruin.catalog.source(), "another catalog", 4);
        const auto before = db::tables_in(*ruin.catalog.pool().acquire());
        CHECK_THAT(ruin.refusal(backup), ContainsSubstring("unfinished transfer from another catalog"));
        CHECK(db::tables_in(*ruin.catalog.pool().acquire()) == before);
    }
    CHECK(ruin.blobs.size_of(blob) < 0);
}

TEST_CASE("restore: with damaged, missing or unreadable files it completes only with --accept-loss", "[backup]") {
    const Dialect engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    const std::string backup = fixture.folder / "backup";
    const base::Ulid former = fixture.put("a", "first").entry.blob_id.value();
    const base::Ulid missing = fixture.put("a", "second").entry.blob_id.value();
    const base::Ulid damaged = fixture.put("b", "bbb").entry.blob_id.value();
    const base::Ulid c = fixture.put("c", "ccc").entry.id;
    back_up(fixture);
    fs::rename(blob_file(backup, missing), backup + "/aside");
    std::ofstream(blob_file(backup, damaged)) << "BBB";
    fs::remove(blob_file(backup, former));
    fs::create_directory(blob_file(backup, former));  // a file that can't be read: EISDIR, as a bad disk's EIO
    Ruin ruin(other(engine));
    auto report = ruin.restore(backup);
    CHECK_FALSE(report.has_ended);
    CHECK(report.lost_blobs == 3);
    CHECK(report.lost_files ==
          std::vector<std::string>{"Team/a, version 1: damaged", "Team/a: missing", "Team/b: damaged"});
    CHECK_THROWS_AS(store::refuse_unfinished_transfer(*ruin.catalog.pool().acquire()), base::Error);
    SECTION("returned files are restored, the rest is accepted as lost") {
        fs::rename(backup + "/aside", blob_file(backup, missing));
        report = ruin.restore(backup, kSilent, {.accept_loss = true});
        CHECK(report.has_ended);
        CHECK(report.lost_files == std::vector<std::string>{"Team/a, version 1: damaged", "Team/b: damaged"});
        CHECK(ruin.content(c) == "ccc");
        store::refuse_unfinished_transfer(*ruin.catalog.pool().acquire());
    }
    SECTION("another backup returns all files") {
        fs::remove(blob_file(backup, former));
        const auto again = back_up(fixture, kSilent, 100);
        CHECK(again.is_complete());
        CHECK(again.done.verified == 2);
        CHECK(again.replaced == std::vector<std::string>{"blob " + damaged.text()});
        blobs::BackupFolder from(backup);
        report =
            app::Restore(from, from.snapshots().front(), ruin.catalog.pool(), ruin.blobs.root(), {}, kSilent).run();
        CHECK(report.has_ended);
        CHECK(report.lost_files.empty());
    }
}

TEST_CASE("backup: damaged files are found share by share, all of them after one round", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::vector<base::Ulid> damaged;
    for (int i = 0; i < 40; ++i) {
        const base::Ulid blob = fixture.put("file " + std::to_string(i), "content").entry.blob_id.value();
        if (i % 4 == 0) damaged.push_back(blob);
    }
    back_up(fixture);
    for (const base::Ulid& blob : damaged) std::ofstream(blob_file(fixture.folder / "backup", blob)) << "CONTENT";
    CHECK(back_up(fixture).done.verified == 0);
    std::size_t replaced = 0;
    std::int64_t verified = 0;
    for (int run = 0; run < 4; ++run) {
        const auto done = back_up(fixture, kSilent, 25);
        CHECK(done.done.bytes == done.done.all_bytes);
        replaced += done.replaced.size();
        verified += done.done.verified;
    }
    CHECK(replaced == damaged.size());
    CHECK(verified == 40);
    CHECK(back_up(fixture, kSilent, 100).replaced.empty());
}

TEST_CASE("backup: files that only older snapshots name are verified, too, and lost ones are reported", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const base::Ulid mended = fixture.put("a", "one").entry.blob_id.value();
    fixture.put("b", "one");
    const base::Ulid lost = fixture.put("c", "one").entry.blob_id.value();
    back_up(fixture);
    fixture.config.files.versions_keep = 0;
    for (const char* name : {"a", "b", "c"}) fixture.put(name, "two");
    const std::string newest = back_up(fixture).snapshot;
    for (const base::Ulid& blob : {mended, lost}) std::ofstream(blob_file(fixture.folder / "backup", blob)) << "ONE";
    fs::remove(blob_file(fixture.folder / "shared", lost));
    blobs::BackupFolder folder(fixture.folder / "backup", kWriter);
    app::OlderVerified found = app::verify_older(folder, newest, fixture.blobs, [](std::int64_t) {});
    CHECK(found.verified == 3);
    CHECK(found.replaced == std::vector<std::string>{"blob " + mended.text()});
    CHECK(found.problems == std::vector<std::string>{"blob " + lost.text()});
    fs::resize_file(folder.path_of(folder.snapshots().front()), 100);
    found = app::verify_older(folder, newest, fixture.blobs, [](std::int64_t) {});
    REQUIRE(found.problems.size() == 1);
    CHECK_THAT(found.problems[0], ContainsSubstring("is torn or was changed"));
}

TEST_CASE("backup: a file damaged in both folders is named, and no snapshot is made", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const base::Ulid blob = fixture.put("a", "aaa").entry.blob_id.value();
    back_up(fixture);
    for (const char* folder : {"backup", "shared"}) std::ofstream(blob_file(fixture.folder / folder, blob)) << "AAA";
    const auto done = back_up(fixture, kSilent, 100);
    REQUIRE(done.problems.size() == 1);
    CHECK_THAT(done.problems[0], ContainsSubstring(blob.text()));
    CHECK(snapshots(fixture).size() == 1);
}

TEST_CASE("restore: with --catalog-only the files have to exist", "[backup]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const base::Ulid blob = fixture.put("a", "aaa").entry.blob_id.value();
    blobs::BackupFolder to(fixture.folder / "backup", kWriter);
    CHECK(app::Backup(fixture.services, to, {.catalog_only = true}, kSilent).run().is_complete());
    CHECK_FALSE(fs::exists(blob_file(fixture.folder / "backup", blob)));
    Ruin ruin(Dialect::sqlite);
    CHECK_THAT(ruin.refusal(fixture.folder / "backup"), ContainsSubstring("lacks 1 of the files"));
    CHECK(db::tables_in(*ruin.catalog.pool().acquire()).empty());
    blobs::copy_blob(fixture.blobs, ruin.blobs, {blob, 3, blobs::sha256(base::as_bytes("aaa"))}, [](std::int64_t) {});
    ruin.restore(fixture.folder / "backup");
    CHECK(ruin.findings() == "");
}
