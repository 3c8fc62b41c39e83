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
#include "support/app_fixture.h"

using namespace bodega;
using base::Code;
using test::Depot;

namespace {

template <class Work>
Code code_of(Work work) {
    try {
        work();
    } catch (const base::Error& e) {
        return e.code();
    }
    return Code::internal;
}

constexpr db::Sql kQuota{"test.quota", "UPDATE spaces SET quota_bytes = ?"};

}  // namespace

TEST_CASE("a file that is put has its bytes, digest, type and line in the trail", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(3 * 1024 * 1024 + 17);
    app::Placed placed = depot.put("Informe 2026.PDF", bytes);
    CHECK(placed.created);
    CHECK(placed.entry.size == 3 * 1024 * 1024 + 17);
    CHECK(placed.entry.mime == "application/pdf");
    CHECK(placed.entry.sha256 == blobs::sha256(base::as_bytes(bytes)));
    CHECK(placed.entry.modified_by == "ana");
    CHECK(depot.content(placed.entry.id) == bytes);
    CHECK(depot.tree.used(depot.tree.space) == placed.entry.size);
    constexpr db::Sql kTrail{"test.trail",
                             "SELECT COUNT(*) FROM audit WHERE action = 'entry.create' AND target_id = ?"};
    CHECK(depot.catalog.number(kTrail, {placed.entry.id}) == 1);
    CHECK(depot.disorder() == "");
    CHECK(depot.orphans() == 0);
}

TEST_CASE("the same name again is a new version, and the empty file is a file", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    app::Placed first = depot.put("a.txt", "one");
    app::Placed second = depot.put("a.txt", "");
    CHECK_FALSE(second.created);
    CHECK(second.entry.id == first.entry.id);
    CHECK(second.entry.version == 2);
    CHECK(second.entry.size == 0);
    CHECK(depot.content(first.entry.id) == "");
    CHECK(depot.tree.used(depot.tree.space) == 3);
    CHECK(depot.disorder() == "");
}

TEST_CASE("conditions are asked before the bytes and again with them", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    auto sha256 = [](std::string_view text) { return blobs::sha256(base::as_bytes(text)); };
    CHECK(code_of([&] { depot.put("a", "x", {.present = true}); }) == Code::precondition_failed);
    CHECK(code_of([&] { depot.put("a", "x", {.one_of = {{sha256("x")}}}); }) == Code::precondition_failed);
    depot.put("a", "one", {.absent = true});
    CHECK(code_of([&] { depot.put("a", "x", {.absent = true}); }) == Code::precondition_failed);
    CHECK(code_of([&] { depot.put("a", "x", {.one_of = {{sha256("two")}}}); }) == Code::precondition_failed);
    CHECK(code_of([&] { depot.put("a", "x", {.none_of = {sha256("one")}}); }) == Code::precondition_failed);
    depot.put("a", "two", {.one_of = {{sha256("two"), sha256("one")}}});
    CHECK(depot.child("a")->version == 2);

    // Another put slips in while the bytes come.
    app::Grant root = depot.grant(depot.tree.root);
    bool slipped = false;
    auto source = [&](std::span<std::uint8_t>) -> std::size_t {
        if (!std::exchange(slipped, true)) depot.put("b", "first");
        return 0;
    };
    CHECK(code_of([&] {
              app::put_file(depot.services, {root, "b", {.absent = true}, 0}, source);
          }) == Code::precondition_failed);
    CHECK(depot.content(depot.child("b")->id) == "first");
    CHECK(depot.orphans() == 0);
    CHECK(depot.disorder() == "");
}

TEST_CASE("what can't be put leaves nothing behind", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    app::Grant root = depot.grant(depot.tree.root);
    auto put = [&](std::string name, std::string_view bytes, std::optional<std::int64_t> length = std::nullopt) {
        return code_of([&] { app::put_file(depot.services, {root, name, {}, length}, test::source_of(bytes)); });
    };
    CHECK(put("..", "x") == Code::name_invalid);
    depot.tree.folder(depot.tree.root, "Folder");
    CHECK(put("Folder", "x") == Code::name_taken);
    depot.config.files.max_file = 10;
    CHECK(put("large", "", 11) == Code::too_large);
    CHECK(put("large", "12345678901") == Code::too_large);
    depot.catalog.execute(kQuota, {5});
    CHECK(put("quota", "", 6) == Code::quota_exceeded);
    CHECK(put("quota", "123456") == Code::quota_exceeded);
    CHECK(put("fits", "12345") == Code::internal);  // nothing was thrown
    root.role = store::SpaceRole::viewer;
    CHECK(put("viewer", "") == Code::forbidden);
    app::Grant file = depot.grant(depot.child("fits")->id);
    CHECK(code_of([&] { app::put_file(depot.services, {file, "x", {}, 0}, test::source_of("")); }) == Code::conflict);
    CHECK(depot.orphans() == 0);
    CHECK(depot.disorder() == "");
}

TEST_CASE("a client that goes away in the middle leaves nothing behind", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    app::Grant root = depot.grant(depot.tree.root);
    std::string bytes = test::some_bytes(100'000);
    CHECK(code_of([&] {
              app::put_file(depot.services, {root, "gone", {}, 100'000}, test::source_of(bytes, 1000, 50'000));
          }) == Code::invalid);
    CHECK_FALSE(depot.child("gone"));
    CHECK(depot.orphans() == 0);
}

TEST_CASE("puts of one name at once become versions one after another, within the quota", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.catalog.execute(kQuota, {std::int64_t{6} * 1000});
    std::vector<std::thread> threads;
    std::atomic<int> done = 0, refused = 0;
    for (unsigned i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            std::string bytes = test::some_bytes(1000, i);
            try {
                depot.put("same", bytes);
                ++done;
            } catch (const base::Error& e) {
                if (e.code() == Code::quota_exceeded) ++refused;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(done == 6);
    CHECK(refused == 2);
    CHECK(depot.child("same")->version == 6);
    CHECK(depot.tree.used(depot.tree.space) == 6000);
    CHECK(depot.orphans() == 0);
    CHECK(depot.disorder() == "");
}

TEST_CASE("a put that was stalled between publish and commit looks for its bytes", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const app::Grant root = depot.grant(depot.tree.root);
    const app::PutRequest request{root, "a", {}, std::nullopt, {}};
    const base::BodyOrder order = app::begin_put(depot.services, request);
    const app::Tell tell = [](const base::BodyReport&) {};
    const base::BodyReport report =
        app::write_body({depot.blobs, order, tell, nullptr, nullptr}, test::source_of("bytes"));
    const base::Milliseconds stalled = GENERATE(0, 60'000, 600'000);
    const bool is_swept = GENERATE(false, true);
    base::Milliseconds now = 1000;
    const app::HeldLease::Clock clock = [&] { return std::exchange(now, now + stalled); };
    // Between the two: a sweeper that finds it old, or `fsck --repair`.
    depot.files.watch(3, "sync_folder", [&] {  // after two of folders that are made
        if (is_swept && stalled == 600'000) app::remove_orphan(depot.services, order.file);
    });
    const auto end = [&] { app::end_put(depot.services, request, report, clock); };
    if (is_swept && stalled == 600'000) CHECK(code_of(end) == Code::unavailable);
    else CHECK_NOTHROW(end());
    CHECK(depot.disorder() == "");
    CHECK(depot.child("a").has_value() != (is_swept && stalled == 600'000));
}

TEST_CASE("the end of an orphan and a late commit of it exclude each other", "[put]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const base::Ulid id = base::Ulid::make();
    depot.blobs.create_incoming(id).seal();
    depot.blobs.publish(id, 0);
    std::atomic<bool> is_inserted = false;
    std::optional<bool> removed;
    std::jthread sweeper;
    depot.catalog.pool().transact([&](db::Connection& connection) {
        store::Blobs(connection).insert({id, 0, blobs::sha256({})});
        if (is_inserted.exchange(true)) return;
        sweeper = std::jthread([&] { removed = app::remove_orphan(depot.services, id); });
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    });
    sweeper.join();
    CHECK(removed == false);
    CHECK(depot.blobs.size_of(id) == 0);
    const base::Ulid other = base::Ulid::make();
    depot.blobs.create_incoming(other).seal();
    depot.blobs.publish(other, 0);
    CHECK(app::remove_orphan(depot.services, other));
    CHECK_FALSE(app::remove_orphan(depot.services, other));
    CHECK(depot.blobs.size_of(other) == -1);
    CHECK_FALSE(store::Blobs(*depot.catalog.pool().acquire()).exists(other));
}
