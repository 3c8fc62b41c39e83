#include "app/uploads/upload_part.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/uploads/upload_lease.h"
#include "app/uploads/upload_move.h"
#include "base/error.h"
#include "blobs/checksum.h"
#include "blobs/digest.h"
#include "store/uploads/uploads.h"
#include "support/app_fixture.h"
#include "support/code_of.h"

using namespace bodega;
using base::Code;
using test::AppFixture;
using test::code_of;

namespace {

app::Progress send(AppFixture& fixture, const app::Part& part, std::string_view bytes,
                   std::size_t break_at = SIZE_MAX) {
    return app::receive_part(fixture.services, fixture.actor(), part, test::source_of(bytes, 1000, break_at));
}

app::PartChecksum checksum_of(std::string_view bytes) {
    auto checksum = *blobs::Checksum::named("sha1");
    checksum.update(base::as_bytes(bytes));
    return {"sha1", checksum.value()};
}

std::int64_t stands_at(AppFixture& fixture, const base::Ulid& id) {
    return app::find_upload(fixture.services, fixture.actor(), id).received;
}

}  // namespace

TEST_CASE("an upload in parts becomes the file, and reports it again", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(50'000);
    store::Upload upload = fixture.create("film.mp4", 50'000);
    CHECK(upload.received == 0);
    CHECK(upload.expires_at > upload.created_at);
    CHECK(fixture.send(upload.id, 0, std::string_view(bytes).substr(0, 20'000)).offset == 20'000);
    CHECK_FALSE(fixture.child("film.mp4"));
    CHECK(fixture.send(upload.id, 20'000, "").offset == 20'000);
    app::Progress end = fixture.send(upload.id, 20'000, std::string_view(bytes).substr(20'000));
    REQUIRE(end.entry_id);
    CHECK(end.offset == 50'000);
    CHECK(fixture.content(*end.entry_id) == bytes);
    CHECK(fixture.child("film.mp4")->sha256 == blobs::sha256(base::as_bytes(bytes)));
    // The answer was lost: the client looks, or sends the end again.
    CHECK(app::find_upload(fixture.services, fixture.actor(), upload.id).entry_id == end.entry_id);
    CHECK(fixture.send(upload.id, 50'000, "").entry_id == end.entry_id);
    CHECK(code_of([&] { fixture.send(upload.id, 20'000, "x"); }) == Code::offset_mismatch);
    CHECK(app::list_uploads(fixture.services, fixture.actor()).empty());
    CHECK(fixture.disorder() == "");
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("an empty upload is complete after its first empty part", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    store::Upload upload = fixture.create("empty", 0);
    app::Progress end = fixture.send(upload.id, 0, "");
    REQUIRE(end.entry_id);
    CHECK(fixture.content(*end.entry_id) == "");
    CHECK(fixture.disorder() == "");
}

TEST_CASE("parts are accepted only at the current offset, and only up to the length", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    store::Upload upload = fixture.create("a", 10);
    CHECK(code_of([&] { fixture.send(upload.id, 5, "x"); }) == Code::offset_mismatch);
    CHECK(code_of([&] { send(fixture, {upload.id, 0, 11, std::nullopt}, "12345678901"); }) == Code::too_large);
    CHECK(stands_at(fixture, upload.id) == 0);
    CHECK(code_of([&] { fixture.send(upload.id, 0, "12345678901"); }) == Code::too_large);
    CHECK(fixture.send(upload.id, 0, "12345").offset == 5);
    CHECK(code_of([&] { fixture.send(upload.id, 4, "x"); }) == Code::offset_mismatch);
    CHECK(code_of([&] { fixture.send(base::Ulid::make(), 0, "x"); }) == Code::not_found);
    app::Actor other = fixture.actor();
    other.user_id = fixture.tree.make_user("eva");
    CHECK(code_of([&] { app::find_upload(fixture.services, other, upload.id); }) == Code::not_found);
    CHECK(code_of([&] {
              app::receive_part(fixture.services, other, {upload.id, 5, 0, {}}, test::source_of(""));
          }) == Code::not_found);
}

TEST_CASE("bytes received before the client left are kept, and the upload continues there", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(100'000);
    store::Upload upload = fixture.create("a", 100'000);
    CHECK(code_of([&] { send(fixture, {upload.id, 0, 100'000, std::nullopt}, bytes, 33'333); }) == Code::invalid);
    CHECK(stands_at(fixture, upload.id) == 33'333);
    CHECK(app::list_uploads(fixture.services, fixture.actor()).size() == 1);
    app::Progress end = fixture.send(upload.id, 33'333, std::string_view(bytes).substr(33'333));
    CHECK(fixture.content(end.entry_id.value()) == bytes);
}

TEST_CASE("checkpoints: exactly at their offsets, and the last byte only with the file", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.checkpoint = 4000;
    std::string bytes = test::some_bytes(12'000);
    store::Upload upload = fixture.create("a", 12'000);
    std::vector<std::int64_t> seen;
    app::Source pieces = test::source_of(bytes, 1000);
    app::Source source = [&](std::span<std::uint8_t> buffer) {
        seen.push_back(stands_at(fixture, upload.id));
        return pieces(buffer);
    };
    app::Progress end = app::receive_part(fixture.services, fixture.actor(), {upload.id, 0, 12'000, {}}, source);
    CHECK(end.entry_id);
    CHECK(seen == std::vector<std::int64_t>{0, 0, 0, 0, 4000, 4000, 4000, 4000, 8000, 8000, 8000, 8000, 8000});
}

TEST_CASE("a part with a checksum is accepted as a whole or not at all", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    fixture.config.files.checkpoint = 1000;
    std::string bytes = test::some_bytes(20'000);
    store::Upload upload = fixture.create("a", 20'000);
    std::string_view first = std::string_view(bytes).substr(0, 10'000), rest = std::string_view(bytes).substr(10'000);
    CHECK(send(fixture, {upload.id, 0, 10'000, checksum_of(first)}, first).offset == 10'000);
    CHECK(code_of([&] {
              send(fixture, {upload.id, 10'000, 10'000, checksum_of(first)}, rest);
          }) == Code::checksum_mismatch);
    CHECK(stands_at(fixture, upload.id) == 10'000);
    CHECK(code_of([&] {
              send(fixture, {upload.id, 10'000, 10'000, checksum_of(rest)}, rest, 5'000);
          }) == Code::invalid);
    CHECK(stands_at(fixture, upload.id) == 10'000);
    app::Progress end = send(fixture, {upload.id, 10'000, 10'000, checksum_of(rest)}, rest);
    CHECK(fixture.content(end.entry_id.value()) == bytes);
}

TEST_CASE("a complete upload with a wrong digest is discarded", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    store::Upload upload = fixture.create("a", 5, store::OnConflict::replace, blobs::sha256(base::as_bytes("right")));
    CHECK(code_of([&] { fixture.send(upload.id, 0, "wrong"); }) == Code::checksum_mismatch);
    CHECK(code_of([&] { stands_at(fixture, upload.id); }) == Code::not_found);
    CHECK_FALSE(fixture.child("a"));
    CHECK(fixture.orphans() == 0);
    upload = fixture.create("a", 5, store::OnConflict::replace, blobs::sha256(base::as_bytes("right")));
    CHECK(fixture.send(upload.id, 0, "right").entry_id);
}

TEST_CASE("a taken name: a new version, a refusal, or a number", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::CommittedFile there = fixture.put("a.txt", "there");
    store::Upload replace = fixture.create("a.txt", 1);
    CHECK(fixture.send(replace.id, 0, "1").entry_id == there.entry.id);
    CHECK(fixture.tree.entry(there.entry.id).version == 2);
    store::Upload rename = fixture.create("a.txt", 1, store::OnConflict::rename);
    store::Upload another = fixture.create("a.txt", 1, store::OnConflict::rename);
    fixture.send(rename.id, 0, "2");
    fixture.send(another.id, 0, "3");
    CHECK(fixture.content(fixture.child("a (2).txt")->id) == "2");
    CHECK(fixture.content(fixture.child("a (3).txt")->id) == "3");
    CHECK(code_of([&] { fixture.create("a.txt", 1, store::OnConflict::fail); }) == Code::name_taken);
    store::Upload fail = fixture.create("late.txt", 1, store::OnConflict::fail);
    fixture.put("late.txt", "earlier");
    CHECK(code_of([&] { fixture.send(fail.id, 0, "4"); }) == Code::name_taken);
    // The last byte was not acknowledged, so it can be sent again when the name is free.
    CHECK(stands_at(fixture, fail.id) == 0);
    CHECK(code_of([&] { fixture.send(fail.id, 0, "4"); }) == Code::name_taken);
    CHECK(fixture.content(fixture.child("late.txt")->id) == "earlier");
    CHECK(fixture.disorder() == "");
}

namespace {

constexpr db::Sql kEndLeases{"test.end_leases", "UPDATE uploads SET lease_until = 0"};
using Stage = base::BodyReport::Stage;

std::shared_ptr<app::PartSession> begin(AppFixture& fixture, const app::Part& part) {
    return std::get<std::shared_ptr<app::PartSession>>(app::begin_part(fixture.services, fixture.actor(), part));
}

// A writer like the edge's, which can hang between any two steps.
struct Writer {
    Writer(AppFixture& fixture, const base::Ulid& upload, std::int64_t offset)
        : session(begin(fixture, {upload, offset, std::nullopt, std::nullopt})) {}

    void write(std::string_view bytes) {
        if (!file) file = session->open();
        file->write(base::as_bytes(bytes));
    }
    base::BodyReport report(Stage stage) {
        file->sync();
        auto out = base::BodyReport::to(session->order(), stage);
        file->describe(out);
        return out;
    }
    // The result after seal().
    base::BodyReport report_sealed() {
        auto out = base::BodyReport::to(session->order(), Stage::complete);
        file->describe(out);
        return out;
    }
    void acknowledge() { session->progress(report(Stage::kept)); }
    app::Progress finish() { return session->finish(report_sealed()); }

    const std::shared_ptr<app::PartSession> session;
    std::unique_ptr<base::BodySink> file;
};

}  // namespace

TEST_CASE("late writes of a lost writer are never in the file", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000), others = test::some_bytes(8000, 2);
    store::Upload upload = fixture.create("a", 8000);
    Writer lost(fixture, upload.id, 0);
    lost.write(std::string_view(bytes).substr(0, 2000));
    lost.acknowledge();
    fixture.catalog.execute(kEndLeases);

    SECTION("while the next one writes") {
        Writer next(fixture, upload.id, 2000);
        next.write(std::string_view(bytes).substr(2000, 3000));
        lost.write(std::string_view(others).substr(0, 6000));
        CHECK(code_of([&] { lost.acknowledge(); }) == Code::locked);
        next.write(std::string_view(bytes).substr(5000));
        next.file->seal();
        app::Progress end = next.finish();
        CHECK(fixture.content(end.entry_id.value()) == bytes);
    }
    SECTION("after the upload has become a file") {
        app::Progress end = fixture.send(upload.id, 2000, std::string_view(bytes).substr(2000));
        lost.write(std::string_view(others).substr(0, 6000));
        CHECK(code_of([&] { lost.acknowledge(); }) == Code::locked);
        CHECK(fixture.content(end.entry_id.value()) == bytes);
    }
    CHECK(fixture.disorder() == "");
    fixture.collect();
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("a lost writer that opens its file late can't open its successor's", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000);
    store::Upload upload = fixture.create("a", 8000);
    fixture.send(upload.id, 0, std::string_view(bytes).substr(0, 1000));
    Writer lost(fixture, upload.id, 1000);
    fixture.catalog.execute(kEndLeases);
    Writer next(fixture, upload.id, 1000);
    next.write(std::string_view(bytes).substr(1000, 3000));
    next.acknowledge();
    CHECK(code_of([&] { lost.write("x"); }) == Code::gone);  // would have cut it
    next.write(std::string_view(bytes).substr(4000));
    next.file->seal();
    app::Progress end = next.finish();
    CHECK(code_of([&] { lost.write("x"); }) == Code::gone);  // would have taken it from among the blobs
    CHECK(fixture.content(end.entry_id.value()) == bytes);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("a released upload keeps its file, one whose writer failed does not", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    auto file_of = [&](const base::Ulid& id) {
        return store::Uploads(*fixture.catalog.pool().acquire()).find(id)->file_id;
    };
    store::Upload upload = fixture.create("a", 8000);
    fixture.send(upload.id, 0, "12345");
    fixture.send(upload.id, 5, "678");
    CHECK(file_of(upload.id) == upload.id);
    const bool settled = GENERATE(true, false);
    Writer failed(fixture, upload.id, 8);
    failed.write("9");
    base::Error full(Code::no_space, "The disk is full.");
    auto report = base::BodyReport::failure(failed.session->order(), full, settled);
    CHECK(code_of([&] { failed.session->abort(report); }) == Code::no_space);
    CHECK(fixture.send(upload.id, 8, "90").offset == 10);  // at once
    CHECK((file_of(upload.id) == upload.id) == settled);
    fixture.expire_uploads();
    fixture.collect();
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("a lease that ends without proof that its writer stopped moves the upload", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const bool settled = GENERATE(true, false);
    store::Upload upload = fixture.create("a", 8000);
    Writer writer(fixture, upload.id, 0);
    writer.write("1234");
    // As when the heartbeat of the lease could not be recorded.
    { app::UploadLease lease(fixture.services, upload, writer.session->order().ticket, settled); }
    auto row = store::Uploads(*fixture.catalog.pool().acquire()).find(upload.id).value();
    CHECK_FALSE(row.holder);
    CHECK(row.moves_to.has_value() == !settled);
    CHECK(fixture.send(upload.id, 0, "abcd").offset == 4);
}

TEST_CASE("a writer that lost an upload does not end its successor's", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    store::Upload upload = fixture.create("a", 8000);
    Writer lost(fixture, upload.id, 0);
    fixture.catalog.execute(kEndLeases);
    Writer next(fixture, upload.id, 0);
    auto remove = [&](const Writer& writer) {
        return store::Uploads(*fixture.catalog.pool().acquire())
            .remove_held({upload.id, writer.session->order().ticket});
    };
    CHECK_FALSE(remove(lost));
    CHECK(stands_at(fixture, upload.id) == 0);
    CHECK(remove(next));
}

TEST_CASE("a part with a checksum that breaks off without settling moves the upload", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000);
    store::Upload upload = fixture.create("a", 8000);
    fixture.files.arm(1, test::How::fail, EIO, "sync_data");
    CHECK(code_of([&] { send(fixture, {upload.id, 0, 8000, checksum_of(bytes)}, bytes, 3000); }).has_value());
    CHECK(fixture.files.struck() == "sync_data");
    fixture.files.disarm();
    auto row = store::Uploads(*fixture.catalog.pool().acquire()).find(upload.id).value();
    CHECK(row.moves_to);
    CHECK(fixture.content(fixture.send(upload.id, 0, bytes).entry_id.value()) == bytes);
}

TEST_CASE("a long move of an upload is continued by one request after the other", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(40 << 20);
    store::Upload upload = fixture.create("a", 40 << 20);
    {
        Writer lost(fixture, upload.id, 0);
        lost.write(std::string_view(bytes).substr(0, 36 << 20));
        lost.acknowledge();
        fixture.catalog.execute(kEndLeases);
    }
    auto try_for = [&](std::chrono::milliseconds limit) {
        app::UploadLease lease(fixture.services, upload.id, 36 << 20);
        app::move_away(fixture.services, lease, limit);
    };
    CHECK(code_of([&] { try_for(std::chrono::milliseconds(0)); }) == Code::unavailable);
    int steps = 0;
    auto row = [&] { return store::Uploads(*fixture.catalog.pool().acquire()).find(upload.id).value(); };
    base::Ulid target = row().moves_to.value();
    {
        app::UploadLease lease(fixture.services, upload.id, 36 << 20);
        const std::int64_t there =
            fixture.blobs.copy_incoming(upload.id, target, 36 << 20, 0, [&] { return ++steps == 1; });
        CHECK(there == blobs::Store::kCopyStep);
        lease.copied(there);
    }
    CHECK(row().synced == blobs::Store::kCopyStep);
    // Bytes after the last sync are written again.
    std::ofstream(fixture.folder / "shared/incoming/" + target.text(), std::ios::app) << std::string(1 << 20, 'x');
    try_for(std::chrono::seconds(60));
    CHECK(row().file_id == target);
    CHECK_FALSE(row().moves_to);
    app::Progress end = fixture.send(upload.id, 36 << 20, std::string_view(bytes).substr(36 << 20));
    CHECK(fixture.content(end.entry_id.value()) == bytes);
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("two writers: the second has to wait, and one that slept too long has lost the upload", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(8000);
    store::Upload upload = fixture.create("a", 8000);
    fixture.config.files.checkpoint = 2000;
    app::Source pieces = test::source_of(bytes, 1000);
    std::optional<app::Progress> other;
    std::optional<Code> while_held;
    int calls = 0;
    auto source = [&](std::span<std::uint8_t> buffer) {
        if (++calls == 2) while_held = code_of([&] { fixture.send(upload.id, 0, bytes); });
        if (calls == 4) {
            // It hangs for longer than its lease, and another writer continues at the acknowledged offset.
            fixture.catalog.execute(kEndLeases);
            other = fixture.send(upload.id, 2000, std::string_view(bytes).substr(2000));
        }
        return pieces(buffer);
    };
    const auto first = code_of([&] {
        app::receive_part(fixture.services, fixture.actor(), {upload.id, 0, 8000, {}}, source);
    });
    CHECK(while_held == Code::locked);
    CHECK(first == Code::locked);
    REQUIRE(other);
    CHECK(fixture.content(other->entry_id.value()) == bytes);
    CHECK(fixture.disorder() == "");
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("many writers race for one upload: the file is complete, and only one", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::string bytes = test::some_bytes(200'000);
    store::Upload upload = fixture.create("a", 200'000);
    std::vector<std::thread> threads;
    std::atomic<int> ended = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int tries = 0; tries < 2000 && ended == 0; ++tries) try {
                    std::int64_t at = stands_at(fixture, upload.id);
                    std::size_t size = std::min<std::size_t>(30'000, bytes.size() - static_cast<std::size_t>(at));
                    auto part = std::string_view(bytes).substr(static_cast<std::size_t>(at), size);
                    if (fixture.send(upload.id, at, part).entry_id) ++ended;
                } catch (const base::Error&) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(2));
                }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(ended >= 1);
    REQUIRE(fixture.child("a"));
    CHECK(fixture.content(fixture.child("a")->id) == bytes);
    CHECK(fixture.child("a")->version == 1);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("a deleted upload is gone, whoever writes to it", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    store::Upload upload = fixture.create("a", 2000);
    app::Source pieces = test::source_of(test::some_bytes(2000), 1000);
    int calls = 0;
    std::string bytes = test::some_bytes(2000);
    auto source = [&](std::span<std::uint8_t> buffer) {
        if (++calls == 2) app::end_upload(fixture.services, fixture.actor(), upload.id);
        std::size_t n = calls <= 2 ? 1000 : 0;
        std::copy_n(bytes.begin(), n, buffer.begin());
        return n;
    };
    const auto code = code_of([&] {
        app::receive_part(fixture.services, fixture.actor(), {upload.id, 0, 2000, {}}, source);
    });
    CHECK((code == Code::gone || code == Code::not_found));
    CHECK(code_of([&] { stands_at(fixture, upload.id); }) == Code::not_found);
    CHECK_FALSE(fixture.child("a"));
    fixture.collect();
    CHECK(fixture.orphans() == 0);
    CHECK(fixture.disorder() == "");
    // A finished upload's row is removed, its file stays.
    store::Upload ended = fixture.create("b", 1);
    base::Ulid entry = fixture.send(ended.id, 0, "x").entry_id.value();
    app::end_upload(fixture.services, fixture.actor(), ended.id);
    CHECK(fixture.content(entry) == "x");
}

TEST_CASE("rights and room are checked again at the end", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    constexpr db::Sql kDemote{"test.demote", "UPDATE members SET role = 'viewer'"};
    constexpr db::Sql kPromote{"test.promote", "UPDATE members SET role = 'editor'"};
    constexpr db::Sql kQuota{"test.quota", "UPDATE spaces SET quota_bytes = ?"};
    store::Upload upload = fixture.create("a", 10);
    fixture.send(upload.id, 0, "12345");
    fixture.catalog.execute(kDemote);
    CHECK(code_of([&] { fixture.send(upload.id, 5, "67890"); }) == Code::forbidden);
    fixture.catalog.execute(kPromote);
    fixture.catalog.execute(kQuota, {9});
    CHECK(code_of([&] { fixture.send(upload.id, 5, "67890"); }) == Code::quota_exceeded);
    CHECK(code_of([&] { fixture.create("b", 10); }) == Code::quota_exceeded);
    fixture.catalog.execute(kQuota, {10});
    CHECK(fixture.content(fixture.send(upload.id, 5, "67890").entry_id.value()) == "1234567890");
    CHECK(fixture.disorder() == "");
}

TEST_CASE("an upload's row without its file reports the upload as gone", "[upload]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    store::Upload upload = fixture.create("a", 10);
    fixture.send(upload.id, 0, "12345");
    std::filesystem::resize_file(fixture.folder / "shared/incoming/" + upload.id.text(), 4);
    CHECK(code_of([&] { fixture.send(upload.id, 5, "67890"); }) == Code::gone);
    fixture.blobs.remove_incoming(upload.id);
    CHECK(code_of([&] { fixture.send(upload.id, 5, "67890"); }) == Code::gone);
}
