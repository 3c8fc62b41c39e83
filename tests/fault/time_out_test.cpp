// Tests file system calls that time out and take effect later, when the file belongs to another writer.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <filesystem>
#include <fstream>

#include "app/tree/body_writer.h"
#include "base/error.h"
#include "edge/uploads/body_job.h"
#include "net/file_pool.h"
#include "net/loop.h"
#include "net/task.h"
#include "net/wakeup.h"
#include "store/uploads/uploads.h"
#include "support/app_fixture.h"
#include "support/code_of.h"

using namespace bodega;
using base::Code;
using test::AppFixture;
using test::How;
using Stage = base::BodyReport::Stage;
using test::code_of;

namespace {

constexpr std::size_t kLength = 16'000, kKept = 4'000;

net::Detached run_on(net::FilePool& pool, net::Wakeup& waiter, std::shared_ptr<edge::BodyJob> job) {
    co_await pool.run(std::move(job), waiter, net::kNever);
    waiter.loop().stop();
}

void run(const std::shared_ptr<edge::BodyJob>& job) {
    net::Loop loop;
    net::FilePool pool(1);
    net::Wakeup waiter(loop);
    run_on(pool, waiter, job);
    loop.run();
    pool.stop();
}

// A part that the edge writes, up to the end of one body job; its reports are recorded.
void send_by_edge(AppFixture& fixture, const app::Part& part, std::string_view bytes) {
    auto begun = app::begin_part(fixture.services, fixture.actor(), part);
    const auto session = std::get<std::shared_ptr<app::PartSession>>(begun);
    auto target = std::make_shared<edge::BodyTarget>(session);
    edge::BodyBlock block(64 << 10);
    std::copy(bytes.begin(), bytes.end(), block.room().begin());
    block.commit(bytes.size());
    auto job = std::make_shared<edge::BodyJob>(target, std::move(block), edge::BodyJob::Then::seal);
    run(job);
    if (job->error()) {
        auto report = base::BodyReport::failure(target->order(), *job->error(), job->settled());
        session->abort(report);
    }
    auto report = base::BodyReport::to(target->order(), Stage::complete);
    job->describe(report);
    session->finish(report);
}

void send_by_app(AppFixture& fixture, const app::Part& part, std::string_view bytes) {
    app::receive_part(fixture.services, fixture.actor(), part, test::source_of(bytes));
}

struct Writer {
    const char* name;
    void (*send)(AppFixture&, const app::Part&, std::string_view);
};
constexpr Writer kWriters[] = {{"the edge", send_by_edge}, {"the app", send_by_app}};

// The state that a writer finds after its first call of the kind timed out.
struct Given {
    const char* call;
    bool published;  // an earlier writer published the file and did not commit it
};
constexpr Given kGiven[] = {
    {"truncate", false}, {"write", false},   {"sync_data", false},
    {"rename", true},    {"truncate", true}, {"rename", false},
};

std::string path_of(AppFixture& fixture, const base::Ulid& id) {
    return fixture.folder / "shared/incoming/" + id.text();
}

}  // namespace

TEST_CASE("a timed-out call does not change the file that the next writer commits", "[fault]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const Writer& writer = GENERATE(from_range(kWriters));
    const Given& given = GENERATE(from_range(kGiven));
    INFO(writer.name << " gives up a " << given.call << (given.published ? " of a published file" : ""));
    const std::string bytes = test::some_bytes(kLength), others = test::some_bytes(kLength, 2);
    store::Upload upload = fixture.create("a", kLength);
    fixture.send(upload.id, 0, std::string_view(bytes).substr(0, kKept));
    // The file has unacknowledged bytes after the offset.
    std::ofstream(path_of(fixture, upload.id), std::ios::app | std::ios::binary) << others.substr(0, 2000);
    if (given.published) fixture.blobs.publish(upload.id, kKept + 2000);

    const app::Part rest{upload.id, kKept, std::nullopt, std::nullopt};
    fixture.files.arm(1, How::time_out, ETIMEDOUT, given.call);
    // For a file that is complete except for this call, the last call is the rename to its place.
    CHECK(code_of([&] { writer.send(fixture, rest, std::string_view(others).substr(kKept)); }) == Code::unavailable);
    REQUIRE(fixture.files.struck() == given.call);
    fixture.files.disarm();

    app::Progress end = fixture.send(upload.id, kKept, std::string_view(bytes).substr(kKept));
    REQUIRE(end.entry_id);
    CHECK(fixture.content(*end.entry_id) == bytes);
    fixture.files.land();
    CHECK(fixture.content(*end.entry_id) == bytes);
    fixture.expire_uploads();
    fixture.collect();
    CHECK(fixture.content(*end.entry_id) == bytes);
    CHECK(fixture.disorder() == "");
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("a timed-out call does not change the file while the next writer writes", "[fault]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const Writer& writer = GENERATE(from_range(kWriters));
    const Given& given = GENERATE(from_range(kGiven));
    INFO(writer.name << " gives up a " << given.call << (given.published ? " of a published file" : ""));
    const std::string bytes = test::some_bytes(kLength), others = test::some_bytes(kLength, 2);
    store::Upload upload = fixture.create("a", kLength);
    fixture.send(upload.id, 0, std::string_view(bytes).substr(0, kKept));
    std::ofstream(path_of(fixture, upload.id), std::ios::app | std::ios::binary) << others.substr(0, 2000);
    if (given.published) fixture.blobs.publish(upload.id, kKept + 2000);
    fixture.files.arm(1, How::time_out, ETIMEDOUT, given.call);
    const app::Part rest{upload.id, kKept, std::nullopt, std::nullopt};
    code_of([&] { writer.send(fixture, rest, std::string_view(others).substr(kKept)); });
    fixture.files.disarm();

    app::Source pieces = test::source_of(std::string_view(bytes).substr(kKept), 3000);
    int calls = 0;
    auto source = [&](std::span<std::uint8_t> buffer) {
        if (++calls == 3) fixture.files.land();
        return pieces(buffer);
    };
    app::Progress end = app::receive_part(fixture.services, fixture.actor(), rest, source);
    REQUIRE(end.entry_id);
    CHECK(fixture.content(*end.entry_id) == bytes);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("a committed file that is back in incoming/ is moved to its place again, never removed", "[fault]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const std::string bytes = test::some_bytes(5000);
    store::Upload upload = fixture.create("a", 5000);
    base::Ulid entry = fixture.send(upload.id, 0, bytes).entry_id.value();
    base::Ulid put = fixture.put("b", bytes).entry.id;
    for (const base::Ulid& id : {upload.id, fixture.tree.entry(put).blob_id.value()})
        std::filesystem::rename(fixture.blobs.root() + "/blobs/" + blobs::Store::relative_path(id),
                                path_of(fixture, id));
    const bool expires = GENERATE(false, true);  // as an upload's row ends, or by its age
    if (expires) fixture.expire_uploads();
    fixture.collect();
    CHECK(fixture.content(entry) == bytes);
    CHECK(fixture.content(put) == bytes);
    CHECK(fixture.disorder() == "");
    CHECK(fixture.orphans() == 0);
}

namespace {

constexpr db::Sql kEndLeases{"test.end_leases", "UPDATE uploads SET lease_until = 0"};

// The call that fails while the acknowledged bytes are copied away from a lost writer.
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

TEST_CASE("a failed copy is not continued, because its bytes are not known", "[fault]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const Broken& broken = GENERATE(from_range(kBroken));
    INFO(broken.call << " fails with " << broken.error);
    const std::string bytes = test::some_bytes(kLength);
    store::Upload upload = fixture.create("a", kLength);
    fixture.send(upload.id, 0, std::string_view(bytes).substr(0, kKept));
    const app::Part rest{upload.id, kKept, std::nullopt, std::nullopt};
    app::begin_part(fixture.services, fixture.actor(), rest);  // its writer is lost
    fixture.catalog.execute(kEndLeases);

    fixture.files.arm(1, broken.how, broken.error, broken.call);
    CHECK(code_of([&] { fixture.send(upload.id, kKept, std::string_view(bytes).substr(kKept)); }) == broken.told);
    REQUIRE(fixture.files.struck() == broken.call);
    fixture.files.disarm();
    for (const auto& file : std::filesystem::directory_iterator(fixture.folder / "shared/incoming"))
        if (file.path().filename() != upload.id.text() && file.file_size() > 0) lose_bytes(file.path());

    base::Ulid entry = fixture.send(upload.id, kKept, std::string_view(bytes).substr(kKept)).entry_id.value();
    fixture.files.land();
    CHECK(fixture.content(entry) == bytes);
    CHECK(fixture.disorder() == "");
    fixture.collect();
    CHECK(fixture.orphans() == 0);
}

TEST_CASE("a wrong checksum whose truncation times out costs the next writer nothing", "[fault]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const std::string bytes = test::some_bytes(kLength);
    store::Upload upload = fixture.create("a", kLength);
    app::Part part{upload.id, 0, std::nullopt, app::PartChecksum{"sha1", base::Bytes(20, 0)}};
    fixture.files.arm(1, How::time_out, ETIMEDOUT, "truncate");
    CHECK(code_of([&] { send_by_app(fixture, part, bytes); }) == Code::unavailable);
    REQUIRE(fixture.files.struck() == "truncate");
    fixture.files.disarm();
    base::Ulid entry = fixture.send(upload.id, 0, bytes).entry_id.value();
    fixture.files.land();
    CHECK(fixture.content(entry) == bytes);
    CHECK(fixture.disorder() == "");
}
