#include "app/tree/put_file.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "app/tree/body_writer.h"
#include "app/tree/orphan.h"
#include "base/error.h"
#include "blobs/digest.h"
#include "store/tree/blobs.h"
#include "store/tree/entries.h"
#include "support/app_fixture.h"
#include "support/code_of.h"

using namespace bodega;
using base::Code;
using test::AppFixture;
using test::code_of;

namespace {

constexpr db::Sql kQuota{"test.quota", "UPDATE spaces SET quota_bytes = ?"};

}  // namespace

TEST_CASE("a PUT file has its bytes, digest, type and audit log line", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(3 * 1024 * 1024 + 17);
    app::CommittedFile committed = fixture.put("Informe 2026.PDF", bytes);
    CHECK(committed.created);
    CHECK(committed.entry.size == 3 * 1024 * 1024 + 17);
    CHECK(committed.entry.mime == "application/pdf");
    CHECK(committed.entry.sha256 == blobs::sha256(base::as_bytes(bytes)));
    CHECK(committed.entry.modified_by == "ana");
    CHECK(fixture.content(committed.entry.id) == bytes);
    CHECK(fixture.tree.used(fixture.tree.space) == committed.entry.size);
    constexpr db::Sql kAudit{"test.audit",
                             "SELECT COUNT(*) FROM audit WHERE action = 'entry.create' AND target_id = ?"};
    CHECK(fixture.catalog.number(kAudit, {committed.entry.id}) == 1);
    CHECK(fixture.disorder() == "");
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("the answer to a PUT is the row that it made", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const app::CommittedFile committed = fixture.put("Plan.txt", "some bytes");
    const auto row = fixture.catalog.pool().read(
        [&](db::Connection& connection) { return store::Entries(connection).find(committed.entry.id); });
    CHECK(committed.entry == row);
}

TEST_CASE("the same name again is a new version, and the empty file is a file", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::CommittedFile first = fixture.put("a.txt", "one");
    app::CommittedFile second = fixture.put("a.txt", "");
    CHECK_FALSE(second.created);
    CHECK(second.entry.id == first.entry.id);
    CHECK(second.entry.version == 2);
    CHECK(second.entry.size == 0);
    CHECK(fixture.content(first.entry.id) == "");
    CHECK(fixture.tree.used(fixture.tree.space) == 3);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("conditions are checked before the bytes and again at the commit", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    auto sha256 = [](std::string_view text) { return blobs::sha256(base::as_bytes(text)); };
    CHECK(code_of([&] { fixture.put("a", "x", {.present = true}); }) == Code::precondition_failed);
    CHECK(code_of([&] { fixture.put("a", "x", {.one_of = {{sha256("x")}}}); }) == Code::precondition_failed);
    fixture.put("a", "one", {.absent = true});
    CHECK(code_of([&] { fixture.put("a", "x", {.absent = true}); }) == Code::precondition_failed);
    CHECK(code_of([&] { fixture.put("a", "x", {.one_of = {{sha256("two")}}}); }) == Code::precondition_failed);
    CHECK(code_of([&] { fixture.put("a", "x", {.none_of = {sha256("one")}}); }) == Code::precondition_failed);
    fixture.put("a", "two", {.one_of = {{sha256("two"), sha256("one")}}});
    CHECK(fixture.child("a")->version == 2);

    // Another PUT commits while the bytes arrive.
    app::Grant root = fixture.grant(fixture.tree.root);
    bool slipped = false;
    auto source = [&](std::span<std::uint8_t>) -> std::size_t {
        if (!std::exchange(slipped, true)) fixture.put("b", "first");
        return 0;
    };
    CHECK(code_of([&] {
              app::put_file(fixture.services, {root, "b", {.absent = true}, 0}, source);
          }) == Code::precondition_failed);
    CHECK(fixture.content(fixture.child("b")->id) == "first");
    CHECK(fixture.orphans() == 0);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("a refused PUT leaves nothing behind", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::Grant root = fixture.grant(fixture.tree.root);
    auto put = [&](std::string name, std::string_view bytes, std::optional<std::int64_t> length = std::nullopt) {
        return code_of([&] { app::put_file(fixture.services, {root, name, {}, length}, test::source_of(bytes)); });
    };
    CHECK(put("..", "x") == Code::name_invalid);
    fixture.tree.folder(fixture.tree.root, "Folder");
    CHECK(put("Folder", "x") == Code::name_taken);
    fixture.config.files.max_file = 10;
    CHECK(put("large", "", 11) == Code::too_large);
    CHECK(put("large", "12345678901") == Code::too_large);
    fixture.catalog.execute(kQuota, {5});
    CHECK(put("quota", "", 6) == Code::quota_exceeded);
    CHECK(put("quota", "123456") == Code::quota_exceeded);
    CHECK(put("fits", "12345") == std::nullopt);
    root.role = store::SpaceRole::viewer;
    CHECK(put("viewer", "") == Code::forbidden);
    app::Grant file = fixture.grant(fixture.child("fits")->id);
    CHECK(code_of([&] { app::put_file(fixture.services, {file, "x", {}, 0}, test::source_of("")); }) == Code::conflict);
    CHECK(fixture.orphans() == 0);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("a client that goes away in the middle leaves nothing behind", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::Grant root = fixture.grant(fixture.tree.root);
    std::string bytes = test::some_bytes(100'000);
    CHECK(code_of([&] {
              app::put_file(fixture.services, {root, "gone", {}, 100'000}, test::source_of(bytes, 1000, 50'000));
          }) == Code::invalid);
    CHECK_FALSE(fixture.child("gone"));
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("concurrent PUTs of one name become successive versions, within the quota", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.catalog.execute(kQuota, {std::int64_t{6} * 1000});
    std::vector<std::thread> threads;
    std::atomic<int> done = 0, refused = 0;
    for (unsigned i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            std::string bytes = test::some_bytes(1000, i);
            try {
                fixture.put("same", bytes);
                ++done;
            } catch (const base::Error& e) {
                if (e.code() == Code::quota_exceeded) ++refused;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(done == 6);
    CHECK(refused == 2);
    CHECK(fixture.child("same")->version == 6);
    CHECK(fixture.tree.used(fixture.tree.space) == 6000);
    CHECK(fixture.orphans() == 0);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("a PUT that stalled between publish and commit checks its bytes", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const app::Grant root = fixture.grant(fixture.tree.root);
    const bool in_place = GENERATE(true, false);
    const app::PutRequest request{root, "a", {}, in_place ? std::optional<std::int64_t>(5) : std::nullopt, {}};
    const base::Milliseconds stalled = GENERATE(0, 60'000, 600'000);
    const bool is_swept = GENERATE(false, true);
    base::Milliseconds now = 1000;
    fixture.blobs.make_parts();
    app::PutSession session(fixture.services, request, [&] { return std::exchange(now, now + stalled); });
    CHECK(session.order().in_place == in_place);
    const base::BodyReport report = app::write_body(session, test::source_of("bytes"));
    // Between the two steps: garbage collection, which finds it old, or `fsck --repair`.
    fixture.files.watch(1, "sync_folder", [&] {
        if (is_swept && stalled == 600'000) app::remove_orphan(fixture.services, session.order().file);
    });
    const auto end = [&] { session.finish(report); };
    if (is_swept && stalled == 600'000) CHECK(code_of(end) == Code::unavailable);
    else CHECK_NOTHROW(end());
    CHECK(fixture.disorder() == "");
    CHECK(fixture.child("a").has_value() != (is_swept && stalled == 600'000));
}

TEST_CASE("the removal of an orphan and its late commit exclude each other", "[put]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const base::Ulid id = base::Ulid::make();
    fixture.blobs.create_incoming(id).seal();
    fixture.blobs.publish(id, 0);
    std::atomic<bool> is_inserted = false;
    std::optional<bool> removed;
    std::jthread collector;
    fixture.catalog.pool().transact([&](db::Connection& connection) {
        store::Blobs(connection).insert({id, 0, blobs::sha256({})});
        if (is_inserted.exchange(true)) return;
        collector = std::jthread([&] { removed = app::remove_orphan(fixture.services, id); });
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    });
    collector.join();
    CHECK(removed == false);
    CHECK(fixture.blobs.size_of(id) == 0);
    const base::Ulid other = base::Ulid::make();
    fixture.blobs.create_incoming(other).seal();
    fixture.blobs.publish(other, 0);
    CHECK(app::remove_orphan(fixture.services, other));
    CHECK_FALSE(app::remove_orphan(fixture.services, other));
    CHECK(fixture.blobs.size_of(other) == -1);
    CHECK_FALSE(store::Blobs(*fixture.catalog.pool().acquire()).exists(other));
}
