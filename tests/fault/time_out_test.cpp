// Calls to the file system that were given up, and happen when the file has long been another's.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>

#include "app/tree/body_writer.h"
#include "base/error.h"
#include "blobs/body_file.h"
#include "edge/uploads/body_job.h"
#include "net/file_pool.h"
#include "net/loop.h"
#include "net/task.h"
#include "net/wakeup.h"
#include "store/uploads/uploads.h"
#include "support/app_fixture.h"

using namespace bodega;
using base::Code;
using test::Depot;
using test::How;
using Stage = base::BodyReport::Stage;

namespace {

constexpr std::size_t kLength = 16'000, kKept = 4'000;

template <class Work>
Code code_of(Work work) {
    try {
        work();
    } catch (const base::Error& e) {
        return e.code();
    }
    return Code::internal;
}

edge::Detached run_on(edge::FilePool& pool, edge::Waiter& waiter, std::shared_ptr<edge::BodyJob> job) {
    co_await pool.run(std::move(job), waiter, edge::kNever);
    waiter.loop().stop();
}

void run(const std::shared_ptr<edge::BodyJob>& job) {
    edge::Loop loop;
    edge::FilePool pool(1);
    edge::Waiter waiter(loop);
    run_on(pool, waiter, job);
    loop.run();
    pool.stop();
}

// A part whose bytes the edge writes, as far as one job takes it; what it reports is noted.
void send_by_edge(Depot& depot, const app::Part& part, std::string_view bytes) {
    auto begun = app::begin_part(depot.services, depot.actor(), part);
    auto open = [&](const base::BodyOrder& order) { return std::make_unique<blobs::BodyFile>(depot.blobs, order); };
    auto target = std::make_shared<edge::BodyTarget>(std::get<base::BodyOrder>(begun), open);
    edge::BodyBlock block(64 << 10);
    std::copy(bytes.begin(), bytes.end(), block.room().begin());
    block.commit(bytes.size());
    auto job = std::make_shared<edge::BodyJob>(target, std::move(block), edge::BodyJob::Then::seal);
    run(job);
    if (job->error()) {
        auto report = base::BodyReport::failure(target->order(), *job->error(), std::nullopt, job->settled());
        app::note_part(depot.services, part, report);
    }
    auto report = base::BodyReport::to(target->order(), Stage::complete, std::nullopt);
    job->describe(report);
    app::end_part(depot.services, depot.actor(), part, report);
}

void send_by_app(Depot& depot, const app::Part& part, std::string_view bytes) {
    app::receive_part(depot.services, depot.actor(), part, test::source_of(bytes));
}

struct Writer {
    const char* name;
    void (*send)(Depot&, const app::Part&, std::string_view);
};
constexpr Writer kWriters[] = {{"the edge", send_by_edge}, {"the app", send_by_app}};

// What a writer finds whose first call of the kind is given up.
struct Given {
    const char* call;
    bool published;  // a former writer published the file, and did not commit it
};
constexpr Given kGiven[] = {
    {"truncate", false}, {"write", false},   {"sync_data", false},
    {"rename", true},    {"truncate", true}, {"rename", false},
};

std::string path_of(Depot& depot, const base::Ulid& id) { return depot.folder / "shared/incoming/" + id.text(); }

}  // namespace

TEST_CASE("a call that was given up changes nothing of the file that the next writer commits", "[fault]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const Writer& writer = GENERATE(from_range(kWriters));
    const Given& given = GENERATE(from_range(kGiven));
    INFO(writer.name << " gives up a " << given.call << (given.published ? " of a published file" : ""));
    const std::string bytes = test::some_bytes(kLength), others = test::some_bytes(kLength, 2);
    store::Upload upload = depot.create("a", kLength);
    depot.send(upload.id, 0, std::string_view(bytes).substr(0, kKept));
    // Bytes that were never acknowledged lie beyond.
    std::ofstream(path_of(depot, upload.id), std::ios::app | std::ios::binary) << others.substr(0, 2000);
    if (given.published) depot.blobs.publish(upload.id, kKept + 2000);

    const app::Part rest{upload.id, kKept, std::nullopt, std::nullopt};
    depot.files.arm(1, How::time_out, ETIMEDOUT, given.call);
    // Of a file that is whole but for this call, the last one of all is the rename to its place.
    CHECK(code_of([&] { writer.send(depot, rest, std::string_view(others).substr(kKept)); }) == Code::unavailable);
    REQUIRE(depot.files.struck() == given.call);
    depot.files.disarm();

    app::Progress end = depot.send(upload.id, kKept, std::string_view(bytes).substr(kKept));
    REQUIRE(end.entry_id);
    CHECK(depot.content(*end.entry_id) == bytes);
    depot.files.land();
    CHECK(depot.content(*end.entry_id) == bytes);
    depot.expire_uploads();
    depot.sweep();
    CHECK(depot.content(*end.entry_id) == bytes);
    CHECK(depot.disorder() == "");
    CHECK(depot.orphans() == 0);
}

TEST_CASE("a call that was given up while the next writer is at it changes nothing either", "[fault]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const Writer& writer = GENERATE(from_range(kWriters));
    const Given& given = GENERATE(from_range(kGiven));
    INFO(writer.name << " gives up a " << given.call << (given.published ? " of a published file" : ""));
    const std::string bytes = test::some_bytes(kLength), others = test::some_bytes(kLength, 2);
    store::Upload upload = depot.create("a", kLength);
    depot.send(upload.id, 0, std::string_view(bytes).substr(0, kKept));
    std::ofstream(path_of(depot, upload.id), std::ios::app | std::ios::binary) << others.substr(0, 2000);
    if (given.published) depot.blobs.publish(upload.id, kKept + 2000);
    depot.files.arm(1, How::time_out, ETIMEDOUT, given.call);
    const app::Part rest{upload.id, kKept, std::nullopt, std::nullopt};
    code_of([&] { writer.send(depot, rest, std::string_view(others).substr(kKept)); });
    depot.files.disarm();

    app::Source pieces = test::source_of(std::string_view(bytes).substr(kKept), 3000);
    int calls = 0;
    auto source = [&](std::span<std::uint8_t> buffer) {
        if (++calls == 3) depot.files.land();
        return pieces(buffer);
    };
    app::Progress end = app::receive_part(depot.services, depot.actor(), rest, source);
    REQUIRE(end.entry_id);
    CHECK(depot.content(*end.entry_id) == bytes);
    CHECK(depot.disorder() == "");
}

TEST_CASE("a committed file that is back in incoming is put in its place again, never removed", "[fault]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const std::string bytes = test::some_bytes(5000);
    store::Upload upload = depot.create("a", 5000);
    base::Ulid entry = depot.send(upload.id, 0, bytes).entry_id.value();
    base::Ulid put = depot.put("b", bytes).entry.id;
    for (const base::Ulid& id : {upload.id, depot.tree.entry(put).blob_id.value()})
        std::filesystem::rename(depot.blobs.root() + "/blobs/" + blobs::Store::relative_path(id), path_of(depot, id));
    const bool expires = GENERATE(false, true);  // as an upload's row ends, or by its age
    if (expires) depot.expire_uploads();
    depot.sweep();
    CHECK(depot.content(entry) == bytes);
    CHECK(depot.content(put) == bytes);
    CHECK(depot.disorder() == "");
    CHECK(depot.orphans() == 0);
}

namespace {

constexpr db::Sql kEndLeases{"test.end_leases", "UPDATE uploads SET lease_until = 0"};

// What fails while the acknowledged bytes are copied away from a writer that was lost.
struct Broken {
    How how;
    int error;
    const char* call;
    Code told;
};
constexpr Broken kBroken[] = {
    {How::fail, EIO, "sync_data", Code::io},
    {How::fail, EIO, "write", Code::io},
    {How::fail, EIO, "close", Code::io},
    {How::fail, EIO, "sync_folder", Code::io},
    {How::fail, ENOSPC, "write", Code::no_space},
    {How::time_out, ETIMEDOUT, "write", Code::unavailable},
    {How::time_out, ETIMEDOUT, "sync_data", Code::unavailable},
};

// The file keeps its size and loses its bytes, as when their write-back failed and the page was dropped.
void lose_bytes(const std::string& path) {
    const auto size = std::filesystem::file_size(path);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << std::string(size, '\0');
}

}  // namespace

TEST_CASE("a copy that failed is not gone on with: what it has of bytes is not known", "[fault]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const Broken& broken = GENERATE(from_range(kBroken));
    INFO(broken.call << " fails with " << broken.error);
    const std::string bytes = test::some_bytes(kLength);
    store::Upload upload = depot.create("a", kLength);
    depot.send(upload.id, 0, std::string_view(bytes).substr(0, kKept));
    const app::Part rest{upload.id, kKept, std::nullopt, std::nullopt};
    app::begin_part(depot.services, depot.actor(), rest);  // its writer is lost
    depot.catalog.execute(kEndLeases);

    depot.files.arm(1, broken.how, broken.error, broken.call);
    CHECK(code_of([&] { depot.send(upload.id, kKept, std::string_view(bytes).substr(kKept)); }) == broken.told);
    REQUIRE(depot.files.struck() == broken.call);
    depot.files.disarm();
    for (const auto& file : std::filesystem::directory_iterator(depot.folder / "shared/incoming"))
        if (file.path().filename() != upload.id.text() && file.file_size() > 0) lose_bytes(file.path());

    base::Ulid entry = depot.send(upload.id, kKept, std::string_view(bytes).substr(kKept)).entry_id.value();
    depot.files.land();
    CHECK(depot.content(entry) == bytes);
    CHECK(depot.disorder() == "");
    depot.sweep();
    CHECK(depot.orphans() == 0);
}

TEST_CASE("a part's checksum that differs, and the cut is given up: the next writer loses nothing", "[fault]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const std::string bytes = test::some_bytes(kLength);
    store::Upload upload = depot.create("a", kLength);
    app::Part part{upload.id, 0, std::nullopt, app::PartChecksum{"sha1", base::Bytes(20, 0)}};
    depot.files.arm(1, How::time_out, ETIMEDOUT, "truncate");
    CHECK(code_of([&] { send_by_app(depot, part, bytes); }) == Code::unavailable);
    REQUIRE(depot.files.struck() == "truncate");
    depot.files.disarm();
    base::Ulid entry = depot.send(upload.id, 0, bytes).entry_id.value();
    depot.files.land();
    CHECK(depot.content(entry) == bytes);
    CHECK(depot.disorder() == "");
}
