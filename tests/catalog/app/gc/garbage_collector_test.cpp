#include "app/gc/garbage_collector.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/error.h"
#include "store/tree/blob_references.h"
#include "store/tree/blobs.h"
#include "store/uploads/uploads.h"
#include "support/app_fixture.h"

using namespace bodega;
using test::AppFixture;

namespace {

bool has_file(AppFixture& fixture, const base::Ulid& blob) { return fixture.blobs.size_of(blob) >= 0; }

}  // namespace

TEST_CASE("gc: an abandoned upload is removed, one that is held or young stays", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    constexpr db::Sql kHold{"test.hold", "UPDATE uploads SET lease_until = {now} + 60000, expires_at = 1 WHERE id = ?"};
    store::Upload young = fixture.create("young", 10), held = fixture.create("held", 10);
    store::Upload ended = fixture.create("ended", 1);
    base::Ulid entry = fixture.send(ended.id, 0, "x").entry_id.value();
    fixture.catalog.execute(kHold, {held.id});
    fixture.collect();
    CHECK(fixture.orphans() == 0);
    CHECK(store::Uploads(*fixture.catalog.pool().acquire()).find(young.id));
    CHECK(store::Uploads(*fixture.catalog.pool().acquire()).find(held.id));
    fixture.expire_uploads();
    fixture.collect();
    CHECK_FALSE(store::Uploads(*fixture.catalog.pool().acquire()).find(young.id));
    CHECK_FALSE(store::Uploads(*fixture.catalog.pool().acquire()).find(held.id));
    CHECK_FALSE(fixture.blobs.remove_incoming(young.id));
    CHECK(fixture.orphans() == 0);
    CHECK(fixture.content(entry) == "x");
}

TEST_CASE("gc: a released blob is removed when nothing refers to it any more", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.versions_keep = 0;
    base::Ulid first = *fixture.put("a", "one").entry.blob_id;
    base::Ulid second = *fixture.put("a", "two").entry.blob_id;
    CHECK(has_file(fixture, first));
    // A second blob is released and used again by a copy: both released and referenced.
    fixture.catalog.pool().transact([&](db::Connection& c) { store::release_blob(c, second); });
    fixture.collect();
    CHECK_FALSE(has_file(fixture, first));
    CHECK(has_file(fixture, second));
    constexpr db::Sql kReleased{"test.released", "SELECT COUNT(*) FROM blobs WHERE released_at IS NOT NULL"};
    CHECK(fixture.catalog.number(kReleased) == 0);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("gc: a blob that was used and released again stays for blob_grace", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.versions_keep = 0;
    base::Ulid old = *fixture.put("a", "one").entry.blob_id;
    fixture.put("a", "two");
    constexpr db::Sql kJustNow{"test.just_now", "UPDATE blobs SET released_at = {now} WHERE id = ?"};
    fixture.catalog.execute(kJustNow, {old});
    auto remove = [&](base::Milliseconds grace) {
        return fixture.catalog.pool().transact(
            [&](db::Connection& c) { return store::Blobs(c).remove_unreferenced(old, grace); });
    };
    CHECK_FALSE(remove(3'600'000));
    CHECK(remove(-1));
    CHECK_FALSE(remove(-1));
}

TEST_CASE("gc: on a nearly full disk erased files are removed at once, and nothing else", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.versions_keep = 0;
    const base::Ulid erased = *fixture.put("a", "one").entry.blob_id;
    const base::Ulid kept = *fixture.put("a", "two").entry.blob_id, orphan = base::Ulid::make();
    fixture.blobs.create_incoming(orphan).seal();
    constexpr db::Sql kEarlier{"test.earlier", "UPDATE blobs SET released_at = released_at - 2000 WHERE id = ?"};
    fixture.catalog.execute(kEarlier, {erased});
    app::GarbageCollector collector(fixture.services, base::Ulid::make()), other(fixture.services, base::Ulid::make());
    REQUIRE(collector.pass());
    other.end_erased();
    CHECK(has_file(fixture, erased));
    collector.end_erased();
    CHECK_FALSE(has_file(fixture, erased));
    CHECK(has_file(fixture, kept));
    CHECK(fixture.blobs.incoming_size(orphan) == 0);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("gc: the audit log is cut at its age, on the database's clock", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    constexpr base::Milliseconds kDay = 24 * 3600 * 1000;
    constexpr db::Sql kAll{"test.audit", "SELECT COUNT(*) FROM audit"};
    constexpr db::Sql kOld{"test.old_audit",
                           "INSERT INTO audit (id, at, username, action, target, address, detail) "
                           "VALUES (?, {now}, '', 'test.act', '', '', '')"};
    fixture.put("a", "one");
    const std::int64_t young = fixture.catalog.number(kAll);
    REQUIRE(young > 0);
    const base::Milliseconds now = base::now_ms();
    for (int i = 0; i < 250; ++i) fixture.catalog.execute(kOld, {base::Ulid::make(now - 400 * kDay - 1000 * (i + 1))});
    fixture.catalog.execute(kOld, {base::Ulid::make(now - 399 * kDay)});
    app::GarbageCollector collector(fixture.services, base::Ulid::make());
    CHECK(collector.pass().value().audit == 250);
    CHECK(fixture.catalog.number(kAll) == young + 1);
    fixture.config.accounts.audit_keep = config::Duration{0};
    CHECK(collector.pass().value().audit == 0);
}

TEST_CASE("gc: files without a row are removed when they are old, and only then", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    base::Ulid kept = *fixture.put("a", "kept").entry.blob_id;
    base::Ulid orphan = base::Ulid::make(), half = base::Ulid::make();
    blobs::Incoming file = fixture.blobs.create_incoming(orphan);
    file.seal();
    fixture.blobs.publish(orphan, 0);
    fixture.blobs.create_incoming(half);
    app::GarbageCollector patient(fixture.services, base::Ulid::make());
    REQUIRE(patient.pass());
    for (int top = 0; top < 256; ++top) CHECK(patient.sweep_orphans(top) == 0);
    CHECK(fixture.orphans() == 2);
    fixture.collect();
    CHECK(fixture.orphans() == 0);
    CHECK(has_file(fixture, kept));
}

TEST_CASE("gc: one node at a time", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::GarbageCollector one(fixture.services, base::Ulid::make()), two(fixture.services, base::Ulid::make());
    CHECK(one.pass());
    CHECK_FALSE(two.pass());
    CHECK(one.pass());
}

TEST_CASE("gc: one pass removes more than one batch", "[gc]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    for (int i = 0; i < 230; ++i) fixture.create("n" + std::to_string(i), 1);
    fixture.expire_uploads();
    app::GarbageCollector collector(fixture.services, base::Ulid::make());
    auto collected = collector.pass();
    REQUIRE(collected);
    CHECK(collected->uploads == 230);
    CHECK(collected->incoming == 230);
}
