#include "app/uploads/upload_part.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/uploads/upload_lease.h"
#include "app/uploads/upload_move.h"
#include "base/error.h"
#include "blobs/body_file.h"
#include "blobs/checksum.h"
#include "blobs/digest.h"
#include "store/uploads/uploads.h"
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

app::Progress send(Depot& depot, const app::Part& part, std::string_view bytes, std::size_t break_at = SIZE_MAX) {
    return app::receive_part(depot.services, depot.actor(), part, test::source_of(bytes, 1000, break_at));
}

app::PartChecksum checksum_of(std::string_view bytes) {
    auto checksum = *blobs::Checksum::named("sha1");
    checksum.update(base::as_bytes(bytes));
    return {"sha1", checksum.value()};
}

std::int64_t stands_at(Depot& depot, const base::Ulid& id) {
    return app::find_upload(depot.services, depot.actor(), id).received;
}

}  // namespace

TEST_CASE("an upload in parts becomes the file, and tells it again", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(50'000);
    store::Upload upload = depot.create("film.mp4", 50'000);
    CHECK(upload.received == 0);
    CHECK(upload.expires_at > upload.created_at);
    CHECK(depot.send(upload.id, 0, std::string_view(bytes).substr(0, 20'000)).offset == 20'000);
    CHECK_FALSE(depot.child("film.mp4"));
    CHECK(depot.send(upload.id, 20'000, "").offset == 20'000);
    app::Progress end = depot.send(upload.id, 20'000, std::string_view(bytes).substr(20'000));
    REQUIRE(end.entry_id);
    CHECK(end.offset == 50'000);
    CHECK(depot.content(*end.entry_id) == bytes);
    CHECK(depot.child("film.mp4")->sha256 == blobs::sha256(base::as_bytes(bytes)));
    // The answer was lost: the client looks, or sends the end again.
    CHECK(app::find_upload(depot.services, depot.actor(), upload.id).entry_id == end.entry_id);
    CHECK(depot.send(upload.id, 50'000, "").entry_id == end.entry_id);
    CHECK(code_of([&] { depot.send(upload.id, 20'000, "x"); }) == Code::offset_mismatch);
    CHECK(app::list_uploads(depot.services, depot.actor()).empty());
    CHECK(depot.disorder() == "");
    CHECK(depot.orphans() == 0);
}

TEST_CASE("an empty upload is complete with its first empty part", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    store::Upload upload = depot.create("empty", 0);
    app::Progress end = depot.send(upload.id, 0, "");
    REQUIRE(end.entry_id);
    CHECK(depot.content(*end.entry_id) == "");
    CHECK(depot.disorder() == "");
}

TEST_CASE("parts are taken only where the upload stands, and only so much", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    store::Upload upload = depot.create("a", 10);
    CHECK(code_of([&] { depot.send(upload.id, 5, "x"); }) == Code::offset_mismatch);
    CHECK(code_of([&] { send(depot, {upload.id, 0, 11, std::nullopt}, "12345678901"); }) == Code::too_large);
    CHECK(stands_at(depot, upload.id) == 0);
    CHECK(code_of([&] { depot.send(upload.id, 0, "12345678901"); }) == Code::too_large);
    CHECK(depot.send(upload.id, 0, "12345").offset == 5);
    CHECK(code_of([&] { depot.send(upload.id, 4, "x"); }) == Code::offset_mismatch);
    CHECK(code_of([&] { depot.send(base::Ulid::make(), 0, "x"); }) == Code::not_found);
    app::Actor other = depot.actor();
    other.user_id = depot.tree.make_user("eva");
    CHECK(code_of([&] { app::find_upload(depot.services, other, upload.id); }) == Code::not_found);
    CHECK(code_of([&] {
              app::receive_part(depot.services, other, {upload.id, 5, 0, {}}, test::source_of(""));
          }) == Code::not_found);
}

TEST_CASE("what came before the client went away is kept and gone on from", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(100'000);
    store::Upload upload = depot.create("a", 100'000);
    CHECK(code_of([&] { send(depot, {upload.id, 0, 100'000, std::nullopt}, bytes, 33'333); }) == Code::invalid);
    CHECK(stands_at(depot, upload.id) == 33'333);
    CHECK(app::list_uploads(depot.services, depot.actor()).size() == 1);
    app::Progress end = depot.send(upload.id, 33'333, std::string_view(bytes).substr(33'333));
    CHECK(depot.content(end.entry_id.value()) == bytes);
}

TEST_CASE("checkpoints: at their very bounds, and the last byte only with the file", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.config.files.checkpoint = 4000;
    std::string bytes = test::some_bytes(12'000);
    store::Upload upload = depot.create("a", 12'000);
    std::vector<std::int64_t> seen;
    app::Source pieces = test::source_of(bytes, 1000);
    app::Source source = [&](std::span<std::uint8_t> buffer) {
        seen.push_back(stands_at(depot, upload.id));
        return pieces(buffer);
    };
    app::Progress end = app::receive_part(depot.services, depot.actor(), {upload.id, 0, 12'000, {}}, source);
    CHECK(end.entry_id);
    CHECK(seen == std::vector<std::int64_t>{0, 0, 0, 0, 4000, 4000, 4000, 4000, 8000, 8000, 8000, 8000, 8000});
}

TEST_CASE("a part with a checksum counts whole or not at all", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    depot.config.files.checkpoint = 1000;
    std::string bytes = test::some_bytes(20'000);
    store::Upload upload = depot.create("a", 20'000);
    std::string_view first = std::string_view(bytes).substr(0, 10'000), rest = std::string_view(bytes).substr(10'000);
    CHECK(send(depot, {upload.id, 0, 10'000, checksum_of(first)}, first).offset == 10'000);
    CHECK(code_of([&] {
              send(depot, {upload.id, 10'000, 10'000, checksum_of(first)}, rest);
          }) == Code::checksum_mismatch);
    CHECK(stands_at(depot, upload.id) == 10'000);
    CHECK(code_of([&] { send(depot, {upload.id, 10'000, 10'000, checksum_of(rest)}, rest, 5'000); }) == Code::invalid);
    CHECK(stands_at(depot, upload.id) == 10'000);
    app::Progress end = send(depot, {upload.id, 10'000, 10'000, checksum_of(rest)}, rest);
    CHECK(depot.content(end.entry_id.value()) == bytes);
}

TEST_CASE("a whole that is not what was announced ends the upload", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    store::Upload upload = depot.create("a", 5, store::OnConflict::replace, blobs::sha256(base::as_bytes("right")));
    CHECK(code_of([&] { depot.send(upload.id, 0, "wrong"); }) == Code::checksum_mismatch);
    CHECK(code_of([&] { stands_at(depot, upload.id); }) == Code::not_found);
    CHECK_FALSE(depot.child("a"));
    CHECK(depot.orphans() == 0);
    upload = depot.create("a", 5, store::OnConflict::replace, blobs::sha256(base::as_bytes("right")));
    CHECK(depot.send(upload.id, 0, "right").entry_id);
}

TEST_CASE("a taken name: a version, a refusal, or a number", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    app::Placed there = depot.put("a.txt", "there");
    store::Upload replace = depot.create("a.txt", 1);
    CHECK(depot.send(replace.id, 0, "1").entry_id == there.entry.id);
    CHECK(depot.tree.entry(there.entry.id).version == 2);
    store::Upload rename = depot.create("a.txt", 1, store::OnConflict::rename);
    store::Upload another = depot.create("a.txt", 1, store::OnConflict::rename);
    depot.send(rename.id, 0, "2");
    depot.send(another.id, 0, "3");
    CHECK(depot.content(depot.child("a (2).txt")->id) == "2");
    CHECK(depot.content(depot.child("a (3).txt")->id) == "3");
    CHECK(code_of([&] { depot.create("a.txt", 1, store::OnConflict::fail); }) == Code::name_taken);
    store::Upload fail = depot.create("late.txt", 1, store::OnConflict::fail);
    depot.put("late.txt", "earlier");
    CHECK(code_of([&] { depot.send(fail.id, 0, "4"); }) == Code::name_taken);
    // The last byte was not acknowledged, so it can be sent again when the name is free.
    CHECK(stands_at(depot, fail.id) == 0);
    CHECK(code_of([&] { depot.send(fail.id, 0, "4"); }) == Code::name_taken);
    CHECK(depot.content(depot.child("late.txt")->id) == "earlier");
    CHECK(depot.disorder() == "");
}

namespace {

constexpr db::Sql kEndLeases{"test.end_leases", "UPDATE uploads SET lease_until = 0"};
using Stage = base::BodyReport::Stage;

// A writer of the edge's kind, who can hang between any two steps.
struct Writer {
    Writer(Depot& depot, const base::Ulid& upload, std::int64_t offset)
        : depot_(depot),
          part{upload, offset, std::nullopt, std::nullopt},
          order(std::get<base::BodyOrder>(app::begin_part(depot.services, depot.actor(), part))) {}

    void write(std::string_view bytes) {
        if (!file) file.emplace(depot_.blobs, order);
        file->write(base::as_bytes(bytes));
    }
    base::BodyReport report(Stage stage) {
        file->sync();
        auto out = base::BodyReport::to(order, stage, std::nullopt);
        file->describe(out);
        return out;
    }
    // What seal() leaves to say.
    base::BodyReport report_sealed() {
        auto out = base::BodyReport::to(order, Stage::complete, std::nullopt);
        file->describe(out);
        return out;
    }
    void acknowledge() { app::note_part(depot_.services, part, report(Stage::kept)); }

    Depot& depot_;
    const app::Part part;
    const base::BodyOrder order;
    std::optional<blobs::BodyFile> file;
};

}  // namespace

TEST_CASE("what a lost writer still writes is not in the file, whenever it comes", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000), others = test::some_bytes(8000, 2);
    store::Upload upload = depot.create("a", 8000);
    Writer lost(depot, upload.id, 0);
    lost.write(std::string_view(bytes).substr(0, 2000));
    lost.acknowledge();
    depot.catalog.execute(kEndLeases);

    SECTION("while the next one writes") {
        Writer next(depot, upload.id, 2000);
        next.write(std::string_view(bytes).substr(2000, 3000));
        lost.write(std::string_view(others).substr(0, 6000));
        CHECK(code_of([&] { lost.acknowledge(); }) == Code::locked);
        next.write(std::string_view(bytes).substr(5000));
        next.file->seal();
        app::Progress end = app::end_part(depot.services, depot.actor(), next.part, next.report_sealed());
        CHECK(depot.content(end.entry_id.value()) == bytes);
    }
    SECTION("when the upload has become a file") {
        app::Progress end = depot.send(upload.id, 2000, std::string_view(bytes).substr(2000));
        lost.write(std::string_view(others).substr(0, 6000));
        CHECK(code_of([&] { lost.acknowledge(); }) == Code::locked);
        CHECK(depot.content(end.entry_id.value()) == bytes);
    }
    CHECK(depot.disorder() == "");
    depot.sweep();
    CHECK(depot.orphans() == 0);
}

TEST_CASE("a lost writer that had not opened its file yet finds another's nowhere", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000);
    store::Upload upload = depot.create("a", 8000);
    depot.send(upload.id, 0, std::string_view(bytes).substr(0, 1000));
    Writer lost(depot, upload.id, 1000);
    depot.catalog.execute(kEndLeases);
    Writer next(depot, upload.id, 1000);
    next.write(std::string_view(bytes).substr(1000, 3000));
    next.acknowledge();
    CHECK(code_of([&] { lost.write("x"); }) == Code::gone);  // would have cut it
    next.write(std::string_view(bytes).substr(4000));
    next.file->seal();
    app::Progress end = app::end_part(depot.services, depot.actor(), next.part, next.report_sealed());
    CHECK(code_of([&] { lost.write("x"); }) == Code::gone);  // would have taken it from among the blobs
    CHECK(depot.content(end.entry_id.value()) == bytes);
    CHECK(depot.disorder() == "");
}

TEST_CASE("an upload that was let go keeps its file; one whose writer failed does not", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    auto file_of = [&](const base::Ulid& id) {
        return store::Uploads(*depot.catalog.pool().acquire()).find(id)->file_id;
    };
    store::Upload upload = depot.create("a", 8000);
    depot.send(upload.id, 0, "12345");
    depot.send(upload.id, 5, "678");
    CHECK(file_of(upload.id) == upload.id);
    const bool settled = GENERATE(true, false);
    Writer failed(depot, upload.id, 8);
    failed.write("9");
    base::Error full(Code::no_space, "The disk is full.");
    auto report = base::BodyReport::failure(failed.order, full, std::nullopt, settled);
    CHECK(code_of([&] { app::note_part(depot.services, failed.part, report); }) == Code::no_space);
    CHECK(depot.send(upload.id, 8, "90").offset == 10);  // at once
    CHECK((file_of(upload.id) == upload.id) == settled);
    depot.expire_uploads();
    depot.sweep();
    CHECK(depot.orphans() == 0);
}

TEST_CASE("a lease that ends without the proof that its writer is settled moves the upload", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const bool settled = GENERATE(true, false);
    store::Upload upload = depot.create("a", 8000);
    Writer writer(depot, upload.id, 0);
    writer.write("1234");
    // As when the word that it lives could not be noted.
    { app::UploadLease lease(depot.services, upload, writer.order.ticket, settled); }
    auto row = store::Uploads(*depot.catalog.pool().acquire()).find(upload.id).value();
    CHECK_FALSE(row.holder);
    CHECK(row.moves_to.has_value() == !settled);
    CHECK(depot.send(upload.id, 0, "abcd").offset == 4);
}

TEST_CASE("a writer that lost an upload does not end its successor's", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    store::Upload upload = depot.create("a", 8000);
    Writer lost(depot, upload.id, 0);
    depot.catalog.execute(kEndLeases);
    Writer next(depot, upload.id, 0);
    auto remove = [&](const Writer& writer) {
        return store::Uploads(*depot.catalog.pool().acquire()).remove_held({upload.id, writer.order.ticket});
    };
    CHECK_FALSE(remove(lost));
    CHECK(stands_at(depot, upload.id) == 0);
    CHECK(remove(next));
}

TEST_CASE("a checked part that breaks off and can't be settled moves the upload", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000);
    store::Upload upload = depot.create("a", 8000);
    depot.files.arm(1, test::How::fail, EIO, "sync_data");
    CHECK(code_of([&] { send(depot, {upload.id, 0, 8000, checksum_of(bytes)}, bytes, 3000); }) != Code::internal);
    CHECK(depot.files.struck() == "sync_data");
    depot.files.disarm();
    auto row = store::Uploads(*depot.catalog.pool().acquire()).find(upload.id).value();
    CHECK(row.moves_to);
    CHECK(depot.content(depot.send(upload.id, 0, bytes).entry_id.value()) == bytes);
}

TEST_CASE("an upload that is long to move is moved by one request after the other", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(40 << 20);
    store::Upload upload = depot.create("a", 40 << 20);
    {
        Writer lost(depot, upload.id, 0);
        lost.write(std::string_view(bytes).substr(0, 36 << 20));
        lost.acknowledge();
        depot.catalog.execute(kEndLeases);
    }
    auto try_for = [&](std::chrono::milliseconds limit) {
        app::UploadLease lease(depot.services, upload.id, 36 << 20);
        app::move_away(depot.services, lease, limit);
    };
    CHECK(code_of([&] { try_for(std::chrono::milliseconds(0)); }) == Code::unavailable);
    int steps = 0;
    auto row = [&] { return store::Uploads(*depot.catalog.pool().acquire()).find(upload.id).value(); };
    base::Ulid target = row().moves_to.value();
    {
        app::UploadLease lease(depot.services, upload.id, 36 << 20);
        const std::int64_t there =
            depot.blobs.copy_incoming(upload.id, target, 36 << 20, 0, [&] { return ++steps == 1; });
        CHECK(there == blobs::Store::kCopyStep);
        lease.copied(there);
    }
    CHECK(row().synced == blobs::Store::kCopyStep);
    // Whatever is beyond what was synced is written again.
    std::ofstream(depot.folder / "shared/incoming/" + target.text(), std::ios::app) << std::string(1 << 20, 'x');
    try_for(std::chrono::seconds(60));
    CHECK(row().file_id == target);
    CHECK_FALSE(row().moves_to);
    app::Progress end = depot.send(upload.id, 36 << 20, std::string_view(bytes).substr(36 << 20));
    CHECK(depot.content(end.entry_id.value()) == bytes);
    CHECK(depot.orphans() == 0);
}

TEST_CASE("two writers: the second is told to wait, and one that slept too long has lost", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000);
    store::Upload upload = depot.create("a", 8000);
    depot.config.files.checkpoint = 2000;
    app::Source pieces = test::source_of(bytes, 1000);
    std::optional<app::Progress> other;
    Code while_held = Code::internal;
    int calls = 0;
    auto source = [&](std::span<std::uint8_t> buffer) {
        if (++calls == 2) while_held = code_of([&] { depot.send(upload.id, 0, bytes); });
        if (calls == 4) {
            // It hangs for longer than its lease, and another goes on from what was acknowledged.
            depot.catalog.execute(kEndLeases);
            other = depot.send(upload.id, 2000, std::string_view(bytes).substr(2000));
        }
        return pieces(buffer);
    };
    Code first = code_of([&] { app::receive_part(depot.services, depot.actor(), {upload.id, 0, 8000, {}}, source); });
    CHECK(while_held == Code::locked);
    CHECK(first == Code::locked);
    REQUIRE(other);
    CHECK(depot.content(other->entry_id.value()) == bytes);
    CHECK(depot.disorder() == "");
    CHECK(depot.orphans() == 0);
}

TEST_CASE("many writers race for one upload: the file is whole and one", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(200'000);
    store::Upload upload = depot.create("a", 200'000);
    std::vector<std::thread> threads;
    std::atomic<int> ended = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int tries = 0; tries < 2000 && ended == 0; ++tries) try {
                    std::int64_t at = stands_at(depot, upload.id);
                    std::size_t size = std::min<std::size_t>(30'000, bytes.size() - static_cast<std::size_t>(at));
                    auto part = std::string_view(bytes).substr(static_cast<std::size_t>(at), size);
                    if (depot.send(upload.id, at, part).entry_id) ++ended;
                } catch (const base::Error&) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(2));
                }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(ended >= 1);
    REQUIRE(depot.child("a"));
    CHECK(depot.content(depot.child("a")->id) == bytes);
    CHECK(depot.child("a")->version == 1);
    CHECK(depot.disorder() == "");
}

TEST_CASE("an upload that is given up is gone, whoever writes to it", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    store::Upload upload = depot.create("a", 2000);
    app::Source pieces = test::source_of(test::some_bytes(2000), 1000);
    int calls = 0;
    std::string bytes = test::some_bytes(2000);
    auto source = [&](std::span<std::uint8_t> buffer) {
        if (++calls == 2) app::end_upload(depot.services, depot.actor(), upload.id);
        std::size_t n = calls <= 2 ? 1000 : 0;
        std::copy_n(bytes.begin(), n, buffer.begin());
        return n;
    };
    Code code = code_of([&] { app::receive_part(depot.services, depot.actor(), {upload.id, 0, 2000, {}}, source); });
    CHECK((code == Code::gone || code == Code::not_found));
    CHECK(code_of([&] { stands_at(depot, upload.id); }) == Code::not_found);
    CHECK_FALSE(depot.child("a"));
    depot.sweep();
    CHECK(depot.orphans() == 0);
    CHECK(depot.disorder() == "");
    // One that ended is forgotten, its file stays.
    store::Upload ended = depot.create("b", 1);
    base::Ulid entry = depot.send(ended.id, 0, "x").entry_id.value();
    app::end_upload(depot.services, depot.actor(), ended.id);
    CHECK(depot.content(entry) == "x");
}

TEST_CASE("rights and room are asked again at the end", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    constexpr db::Sql kDemote{"test.demote", "UPDATE members SET role = 'viewer'"};
    constexpr db::Sql kPromote{"test.promote", "UPDATE members SET role = 'editor'"};
    constexpr db::Sql kQuota{"test.quota", "UPDATE spaces SET quota_bytes = ?"};
    store::Upload upload = depot.create("a", 10);
    depot.send(upload.id, 0, "12345");
    depot.catalog.execute(kDemote);
    CHECK(code_of([&] { depot.send(upload.id, 5, "67890"); }) == Code::forbidden);
    depot.catalog.execute(kPromote);
    depot.catalog.execute(kQuota, {9});
    CHECK(code_of([&] { depot.send(upload.id, 5, "67890"); }) == Code::quota_exceeded);
    CHECK(code_of([&] { depot.create("b", 10); }) == Code::quota_exceeded);
    depot.catalog.execute(kQuota, {10});
    CHECK(depot.content(depot.send(upload.id, 5, "67890").entry_id.value()) == "1234567890");
    CHECK(depot.disorder() == "");
}

TEST_CASE("an upload's row without its bytes says that it is gone", "[upload]") {
    Depot depot(GENERATE(from_range(test::engines())));
    store::Upload upload = depot.create("a", 10);
    depot.send(upload.id, 0, "12345");
    std::filesystem::resize_file(depot.folder / "shared/incoming/" + upload.id.text(), 4);
    CHECK(code_of([&] { depot.send(upload.id, 5, "67890"); }) == Code::gone);
    depot.blobs.remove_incoming(upload.id);
    CHECK(code_of([&] { depot.send(upload.id, 5, "67890"); }) == Code::gone);
}
