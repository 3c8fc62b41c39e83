#include "support/crash_case.h"

#include <algorithm>
#include <stdexcept>

#include "app/gc/garbage_collector.h"
#include "base/error.h"
#include "store/tree/blob_references.h"
#include "store/uploads/uploads.h"

namespace bodega::test {
namespace {

using Told = std::vector<std::string>;

constexpr db::Sql kEndLeases{"test.end_leases", "UPDATE uploads SET lease_until = 0"};

bool has(const Told& told, const std::string& line) { return std::find(told.begin(), told.end(), line) != told.end(); }

void require(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error(what);
}

std::string bytes_of(const std::string& name, std::size_t size) {
    return some_bytes(size, static_cast<unsigned>(std::hash<std::string>{}(name)));
}

void prepare_nothing(AppFixture&, const std::string&) {}

// --- put and replace

void play_put(Stage& stage) {
    std::string bytes = bytes_of(stage.name, 10'000);
    app::put_file(stage.services, {stage.root, stage.name, {}, 10'000}, source_of(bytes, 4000));
    stage.tell("put");
}

void check_put(AppFixture& fixture, const std::string& name, const Told& told) {
    auto there = fixture.child(name);
    require(there || !has(told, "put"), "the file that was put is missing");
    if (there) require(fixture.content(there->id) == bytes_of(name, 10'000), "the file has other bytes");
}

void prepare_old(AppFixture& fixture, const std::string& name) { fixture.put(name, "old"); }

void check_replaced(AppFixture& fixture, const std::string& name, const Told& told) {
    auto there = fixture.child(name);
    require(there.has_value(), "the replaced file is missing");
    std::string content = fixture.content(there->id);
    bool is_new = content == bytes_of(name, 10'000);
    require(is_new || content == "old", "the file is neither the old nor the new one");
    require(is_new || !has(told, "put"), "the replacement that was acknowledged is missing");
}

// --- an upload

constexpr std::int64_t kLength = 20'000;

// The offsets in the answers, and those that HEAD shows meanwhile.
void play_upload(Stage& stage) {
    std::string bytes = bytes_of(stage.name, kLength);
    const app::Actor& actor = stage.root.actor;
    store::Upload upload = app::create_upload(
        stage.services, {stage.root, stage.name, kLength, std::nullopt, store::OnConflict::replace, ""});
    stage.tell("upload " + upload.id.text());
    app::Source pieces = source_of(bytes, 2000);
    app::Source watched = [&](std::span<std::uint8_t> buffer) {
        stage.tell("at " + std::to_string(app::find_upload(stage.services, actor, upload.id).received));
        return pieces(buffer);
    };
    app::Source first = source_of(std::string_view(bytes).substr(0, 6000), 2000);
    auto progress = app::receive_part(stage.services, actor, {upload.id, 0, 6000, {}}, first);
    stage.tell("at " + std::to_string(progress.offset));
    pieces = source_of(std::string_view(bytes).substr(6000), 2000);
    progress = app::receive_part(stage.services, actor, {upload.id, 6000, kLength - 6000, {}}, watched);
    if (progress.entry_id) stage.tell("done");
}

void check_upload(AppFixture& fixture, const std::string& name, const Told& told) {
    fixture.catalog.execute(kEndLeases);
    std::optional<base::Ulid> id;
    std::int64_t acknowledged = 0;
    for (const std::string& line : told) {
        if (line.starts_with("upload ")) id = base::Ulid::parse(line.substr(7));
        if (line.starts_with("at ")) acknowledged = std::max<std::int64_t>(acknowledged, std::stoll(line.substr(3)));
    }
    require(fixture.child(name).has_value() || !has(told, "done"), "the file of an upload that ended is missing");
    if (!id) return;
    store::Upload upload = app::find_upload(fixture.services, fixture.actor(), *id);
    require(upload.received >= acknowledged, "the upload stands before what was acknowledged");
    require(upload.entry_id.has_value() == fixture.child(name).has_value(), "half an end");
    std::string bytes = bytes_of(name, kLength);
    fixture.send(*id, upload.received, std::string_view(bytes).substr(static_cast<std::size_t>(upload.received)));
    require(fixture.content(fixture.child(name).value().id) == bytes, "the upload that went on has other bytes");
    require(fixture.child(name)->version == 1, "the upload was committed twice");
}

// --- the end of an upload

void prepare_upload(AppFixture& fixture, const std::string& name) {
    fixture.send(fixture.create(name, 10).id, 0, "half");
}

void play_end(Stage& stage) {
    for (const store::Upload& upload : app::list_uploads(stage.services, stage.root.actor))
        app::end_upload(stage.services, stage.root.actor, upload.id);
    stage.tell("ended");
}

void check_end(AppFixture& fixture, const std::string& name, const Told& told) {
    require(!fixture.child(name), "an upload that was given up became a file");
    bool any = !app::list_uploads(fixture.services, fixture.actor()).empty();
    require(!any || !has(told, "ended"), "an upload that was given up is there");
}

// --- garbage collection

void leave_orphan(AppFixture& fixture) {
    base::Ulid id = base::Ulid::make();
    fixture.blobs.create_incoming(id).seal();
    fixture.blobs.publish(id, 0);
    fixture.blobs.create_incoming(base::Ulid::make());
}

void prepare_litter(AppFixture& fixture, const std::string& name) {
    fixture.put(name, "released");
    fixture.put(name, "kept");
    fixture.create(name, 10);
    fixture.expire_uploads();
    leave_orphan(fixture);
    fixture.age_blobs();
}

void play_sweep(Stage& stage) {
    app::GarbageCollector collector(stage.services, base::Ulid::make(), std::chrono::hours(-1));
    collector.pass();
    sweep_all_orphans(collector, stage.services.blobs);
}

void check_kept(AppFixture& fixture, const std::string& name, const Told&) {
    require(fixture.content(fixture.child(name).value().id) == "kept", "the sweeper took what was wanted");
}

}  // namespace

const std::vector<CrashCase>& crash_cases() {
    static const std::vector<CrashCase> all = {
        {"put", "", prepare_nothing, play_put, check_put},
        {"replace", "", prepare_old, play_put, check_replaced},
        {"upload", "", prepare_nothing, play_upload, check_upload},
        {"end", "", prepare_upload, play_end, check_end},
        {"sweep", "unlink", prepare_litter, play_sweep, check_kept},
    };
    return all;
}

std::string aftermath(AppFixture& fixture, const CrashCase& crash_case, const std::string& name,
                      const std::vector<std::string>& told) {
    std::string wrong = fixture.disorder();
    try {
        crash_case.check(fixture, name, told);
    } catch (const std::exception& e) {
        wrong.append(e.what()).append("; ");
    }
    fixture.expire_uploads();
    fixture.collect();
    wrong += fixture.disorder();
    if (int left = fixture.orphans()) wrong += std::to_string(left) + " orphans stay; ";
    return wrong;
}

}  // namespace bodega::test
