#include "app/gc/garbage_collector.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/error.h"
#include "store/tree/blob_references.h"
#include "store/tree/blobs.h"
#include "store/uploads/uploads.h"
#include "support/app_fixture.h"

using namespace bodega;
using test::Depot;

namespace {

bool has_file(Depot& depot, const base::Ulid& blob) { return depot.blobs.size_of(blob) >= 0; }

}  // namespace

TEST_CASE("sweeping: an abandoned upload goes, one that is held or young stays", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    constexpr db::Sql kHold{"test.hold", "UPDATE uploads SET lease_until = {now} + 60000, expires_at = 1 WHERE id = ?"};
    store::Upload young = depot.create("young", 10), held = depot.create("held", 10);
    store::Upload ended = depot.create("ended", 1);
    base::Ulid entry = depot.send(ended.id, 0, "x").entry_id.value();
    depot.catalog.execute(kHold, {held.id});
    depot.sweep();
    CHECK(depot.orphans() == 0);
    CHECK(store::Uploads(*depot.catalog.pool().acquire()).find(young.id));
    CHECK(store::Uploads(*depot.catalog.pool().acquire()).find(held.id));
    depot.expire_uploads();
    depot.sweep();
    CHECK_FALSE(store::Uploads(*depot.catalog.pool().acquire()).find(young.id));
    CHECK_FALSE(store::Uploads(*depot.catalog.pool().acquire()).find(held.id));
    CHECK_FALSE(depot.blobs.remove_incoming(young.id));
    CHECK(depot.orphans() == 0);
    CHECK(depot.content(entry) == "x");
}

TEST_CASE("sweeping: a released blob goes when nothing points at it any more", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.config.files.versions_keep = 0;
    base::Ulid first = *depot.put("a", "one").entry.blob_id;
    base::Ulid second = *depot.put("a", "two").entry.blob_id;
    CHECK(has_file(depot, first));
    // A second one is let go of and taken up again by a copy: released, and referenced.
    depot.catalog.pool().transact([&](db::Connection& c) { store::release_blob(c, second); });
    depot.sweep();
    CHECK_FALSE(has_file(depot, first));
    CHECK(has_file(depot, second));
    constexpr db::Sql kReleased{"test.released", "SELECT COUNT(*) FROM blobs WHERE released_at IS NOT NULL"};
    CHECK(depot.catalog.number(kReleased) == 0);
    CHECK(depot.disorder() == "");
}

TEST_CASE("sweeping: a blob that was taken up and let go of again stays for its time", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.config.files.versions_keep = 0;
    base::Ulid old = *depot.put("a", "one").entry.blob_id;
    depot.put("a", "two");
    constexpr db::Sql kJustNow{"test.just_now", "UPDATE blobs SET released_at = {now} WHERE id = ?"};
    depot.catalog.execute(kJustNow, {old});
    auto remove = [&](base::Milliseconds grace) {
        return depot.catalog.pool().transact(
            [&](db::Connection& c) { return store::Blobs(c).remove_unreferenced(old, grace); });
    };
    CHECK_FALSE(remove(3'600'000));
    CHECK(remove(-1));
    CHECK_FALSE(remove(-1));
}

TEST_CASE("sweeping: on a disk that is short of room what was erased goes at once, and nothing else", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.config.files.versions_keep = 0;
    const base::Ulid erased = *depot.put("a", "one").entry.blob_id;
    const base::Ulid kept = *depot.put("a", "two").entry.blob_id, orphan = base::Ulid::make();
    depot.blobs.create_incoming(orphan).seal();
    constexpr db::Sql kEarlier{"test.earlier", "UPDATE blobs SET released_at = released_at - 2000 WHERE id = ?"};
    depot.catalog.execute(kEarlier, {erased});
    app::Sweeper sweeper(depot.services, base::Ulid::make()), other(depot.services, base::Ulid::make());
    REQUIRE(sweeper.pass());
    other.end_erased();
    CHECK(has_file(depot, erased));
    sweeper.end_erased();
    CHECK_FALSE(has_file(depot, erased));
    CHECK(has_file(depot, kept));
    CHECK(depot.blobs.incoming_size(orphan) == 0);
    CHECK(depot.disorder() == "");
}

TEST_CASE("sweeping: the audit log is cut at its age, on the database's clock", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    constexpr base::Milliseconds kDay = 24 * 3600 * 1000;
    constexpr db::Sql kAll{"test.audit", "SELECT COUNT(*) FROM audit"};
    constexpr db::Sql kOld{"test.old_audit",
                           "INSERT INTO audit (id, at, username, action, target, address, detail) "
                           "VALUES (?, {now}, '', 'test.act', '', '', '')"};
    depot.put("a", "one");
    const std::int64_t young = depot.catalog.number(kAll);
    REQUIRE(young > 0);
    const base::Milliseconds now = base::now_ms();
    for (int i = 0; i < 250; ++i) depot.catalog.execute(kOld, {base::Ulid::make(now - 400 * kDay - 1000 * (i + 1))});
    depot.catalog.execute(kOld, {base::Ulid::make(now - 399 * kDay)});
    app::Sweeper sweeper(depot.services, base::Ulid::make());
    CHECK(sweeper.pass().value().audit == 250);
    CHECK(depot.catalog.number(kAll) == young + 1);
    depot.config.accounts.audit_keep = config::Duration{0};
    CHECK(sweeper.pass().value().audit == 0);
}

TEST_CASE("sweeping: files without a row go when they are old, and only then", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    base::Ulid kept = *depot.put("a", "kept").entry.blob_id;
    base::Ulid orphan = base::Ulid::make(), half = base::Ulid::make();
    blobs::Incoming file = depot.blobs.create_incoming(orphan);
    file.seal();
    depot.blobs.publish(orphan, 0);
    depot.blobs.create_incoming(half);
    app::Sweeper patient(depot.services, base::Ulid::make());
    REQUIRE(patient.pass());
    for (int top = 0; top < 256; ++top) CHECK(patient.sweep_orphans(top) == 0);
    CHECK(depot.orphans() == 2);
    depot.sweep();
    CHECK(depot.orphans() == 0);
    CHECK(has_file(depot, kept));
}

TEST_CASE("sweeping: one node at a time", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    app::Sweeper one(depot.services, base::Ulid::make()), two(depot.services, base::Ulid::make());
    CHECK(one.pass());
    CHECK_FALSE(two.pass());
    CHECK(one.pass());
}

TEST_CASE("sweeping: more than a batch goes in one pass", "[sweep]") {
    Depot depot(GENERATE(from_range(test::engines())));
    for (int i = 0; i < 230; ++i) depot.create("n" + std::to_string(i), 1);
    depot.expire_uploads();
    app::Sweeper sweeper(depot.services, base::Ulid::make());
    auto swept = sweeper.pass();
    REQUIRE(swept);
    CHECK(swept->uploads == 230);
    CHECK(swept->incoming == 230);
}
