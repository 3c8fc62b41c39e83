#include "blobs/store.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "support/code_of.h"
#include "support/faulty_files.h"
#include "support/temp_folder.h"

namespace bodega::blobs {

using test::code_of;
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Ulid;
using test::FaultyFiles;
using test::How;
using test::TempFolder;

void publish_text(const Store& store, const Ulid& id, std::string_view text) {
    Incoming file = store.create_incoming(id);
    file.write(base::as_bytes(text));
    file.seal();
    store.publish(id, static_cast<std::int64_t>(text.size()));
}

std::string read_text(const Store& store, const Ulid& id) {
    Reader reader = store.open(id);
    std::vector<std::uint8_t> out(static_cast<std::size_t>(reader.size()));
    out.resize(reader.read_at(out, 0));
    return {out.begin(), out.end()};
}

TEST_CASE("Store: creates its folders, and stores a blob by the first byte of its random bits") {
    TempFolder folder;
    Store store(folder / "shared");
    CHECK(fs::is_directory(folder / "shared/blobs"));
    CHECK(fs::is_directory(folder / "shared/incoming"));
    Ulid id = *Ulid::parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    CHECK(Store::relative_path(id) == "d6/01ARZ3NDEKTSV4RRFFQ69G5FAV");
    publish_text(store, id, "hello");
    CHECK(fs::file_size(folder / "shared/blobs/d6/01ARZ3NDEKTSV4RRFFQ69G5FAV") == 5);
    CHECK(fs::is_empty(folder / "shared/incoming"));
    CHECK(read_text(store, id) == "hello");
}

TEST_CASE("Store: a directory that can't be created is a configuration error") {
    TempFolder folder;
    std::ofstream(folder / "file") << "x";
    CHECK(code_of([&] { Store store(folder / "file/shared"); }) == Code::config_invalid);
}

TEST_CASE("Store: an upload continues at its acknowledged offset, and later bytes are truncated") {
    TempFolder folder;
    Store store(folder.path());
    Ulid id = Ulid::make();
    {
        Incoming file = store.create_durable_incoming(id);
        file.write(base::as_bytes("0123456789"));
        file.sync();
        file.write(base::as_bytes("torn"));
    }
    {
        Incoming file = store.resume_incoming(id, 10);
        CHECK(file.size() == 10);
        file.write(base::as_bytes("abc"));
        file.seal();
    }
    store.publish(id, 13);
    CHECK(read_text(store, id) == "0123456789abc");
    SECTION("a file that was published and not committed is moved back") {
        Incoming file = store.resume_incoming(id, 4);
        file.write(base::as_bytes("!"));
        file.seal();
        CHECK(store.size_of(id) == -1);
        store.publish(id, 5);
        CHECK(read_text(store, id) == "0123!");
    }
    SECTION("an upload with fewer bytes than acknowledged is gone") {
        CHECK(code_of([&] { store.resume_incoming(id, 14); }) == Code::gone);
        CHECK(code_of([&] { store.resume_incoming(Ulid::make(), 0); }) == Code::gone);
    }
}

TEST_CASE("Store: publishing twice is the same as once, and another size is refused") {
    TempFolder folder;
    Store store(folder.path());
    Ulid id = Ulid::make();
    publish_text(store, id, "twice");
    store.publish(id, 5);
    CHECK(read_text(store, id) == "twice");
    CHECK(code_of([&] { store.publish(id, 6); }) == Code::io);
    CHECK(code_of([&] { store.publish(Ulid::make(), 0); }) == Code::io);
}

TEST_CASE("Store: removing what is gone is harmless") {
    TempFolder folder;
    Store store(folder.path());
    Ulid id = Ulid::make();
    publish_text(store, id, "");
    CHECK(store.remove_blob(id));
    CHECK_FALSE(store.remove_blob(id));
    CHECK_FALSE(store.remove_incoming(id));
    CHECK(code_of([&] { store.open(id); }) == Code::not_found);
    CHECK(store.size_of(id) == -1);
}

TEST_CASE("Store: a call that took effect but returned an error is detected") {
    TempFolder folder;
    FaultyFiles files;
    Store store(folder.path(), files);
    Ulid id = Ulid::make();
    publish_text(store, Ulid::make(), "so that the answer of a lost create is EEXIST");
    for (int error : {EIO, ESTALE, ETIMEDOUT}) {
        files.arm(1, How::happen_and_fail, error, "rename");
        // A call that timed out may still take effect, whatever the state is now.
        if (error == ETIMEDOUT) CHECK(code_of([&] { publish_text(store, id, "text"); }) == Code::unavailable);
        else publish_text(store, id, "text");
        CHECK(files.struck() == "rename");
        CHECK(read_text(store, id) == "text");
        files.arm(1, How::happen_and_fail, error, "unlink");
        CHECK(store.remove_blob(id));
        CHECK(files.struck() == "unlink");
        CHECK(store.size_of(id) == -1);
        files.arm(1, How::happen_and_fail, error, "open");
        CHECK(store.create_incoming(id).size() == 0);
        CHECK(files.struck() == "open");
        files.disarm();
        CHECK(store.remove_incoming(id));
    }
}

TEST_CASE("Store: a rename that timed out is not repeated if the first could take effect after the second") {
    TempFolder folder;
    FaultyFiles files;
    Store store(folder.path(), files);
    Ulid id = Ulid::make();
    store.make_parts();
    files.arm(1, How::time_out, ETIMEDOUT, "rename");
    CHECK(code_of([&] { publish_text(store, id, "text"); }) == Code::unavailable);
    CHECK(files.struck() == "rename");
    files.disarm();
    CHECK(store.incoming_size(id) == 4);
    CHECK(store.size_of(id) == -1);
    files.land();
    CHECK(store.size_of(id) == 4);
}

TEST_CASE("Store: a missing part is made, and its name is synced before a file in it is published") {
    TempFolder folder;
    FaultyFiles files;
    Store store(folder.path(), files);
    const bool in_place = GENERATE(true, false);
    const auto create = [&](const Ulid& id) { return in_place ? store.create_blob(id) : store.create_incoming(id); };
    const auto publish = [&](const Ulid& id) { in_place ? store.publish_in_place(id, 0) : store.publish(id, 0); };
    const Ulid id = Ulid::make();
    files.arm(1, How::fail, EIO, "sync_folder");
    CHECK(code_of([&] {
              create(id).seal();
              publish(id);
          }) == Code::io);
    CHECK(files.struck() == "sync_folder");
    files.disarm();
    if (in_place) create(id).seal();
    files.arm(0, How::none, 0, "sync_folder");
    publish(id);
    CHECK(files.seen() == 2);  // the parts' names, which may be lost, and the file's
    files.arm(0, How::none, 0, "sync_folder");
    publish(id);
    CHECK(files.seen() == 1);
    CHECK(store.size_of(id) == 0);
}

TEST_CASE("Store: no folder but a part is made on demand, since the shared directory may not be mounted") {
    TempFolder folder;
    const Store store(folder / "shared");
    const Ulid id = Ulid::make();
    const std::string gone = GENERATE("incoming", "blobs");
    fs::remove_all(folder / ("shared/" + gone));
    for (int tries = 0; tries < 2; ++tries) {
        CHECK_THROWS_AS(gone == "incoming" ? store.create_incoming(id) : store.create_blob(id), base::Error);
        CHECK_FALSE(fs::exists(folder / ("shared/" + gone)));
    }
}

TEST_CASE("Store: all parts are made at once, and their names are synced each time") {
    TempFolder folder;
    FaultyFiles files;
    const Store store(folder.path(), files);
    for (const bool again : {false, true}) {
        CAPTURE(again);
        files.arm(0, How::none, 0, "sync_folder");
        store.make_parts();
        CHECK(files.seen() == 1);
        files.arm(0, How::none, 0, "make_folder");
        store.make_parts();
        CHECK(files.seen() == 0);
    }
    for (int part = 0; part < Store::kParts; ++part)
        CHECK(fs::is_directory(folder / ("blobs/" + Store::part_name(part))));
    CHECK(Store::part_name(0) == "00");
    CHECK(Store::part_name(255) == "ff");
    SECTION("after a failed sync, the names are synced before a file is published") {
        files.arm(1, How::fail, EIO, "sync_folder");
        CHECK(code_of([&] { store.make_parts(); }) == Code::io);
        const Ulid id = Ulid::make();
        store.create_blob(id).seal();
        files.arm(0, How::none, 0, "sync_folder");
        store.publish_in_place(id, 0);
        CHECK(files.seen() == 2);
    }
}

TEST_CASE("Store: a body that comes whole is written where it stays, with two syncs and no rename") {
    TempFolder folder;
    FaultyFiles files;
    const Store store(folder.path(), files);
    store.make_parts();
    const Ulid id = Ulid::make();
    const auto calls = [&](const char* kind, const std::function<void()>& act) {
        files.arm(0, How::none, 0, kind);
        act();
        return files.seen();
    };
    const auto put = [&](const Ulid& blob) {
        Incoming file = store.create_blob(blob);
        file.write(base::as_bytes("whole"));
        file.seal();
        store.publish_in_place(blob, 5);
    };
    put(id);
    CHECK(read_text(store, id) == "whole");
    CHECK(fs::is_empty(folder / "incoming"));
    CHECK(calls("sync_data", [&] { put(Ulid::make()); }) == 1);
    CHECK(calls("sync_folder", [&] { put(Ulid::make()); }) == 1);
    CHECK(calls("rename", [&] { put(Ulid::make()); }) == 0);
    CHECK(calls("make_folder", [&] { put(Ulid::make()); }) == 0);
    SECTION("publishing twice is the same as once; another size, or a file that is gone, is an error") {
        store.publish_in_place(id, 5);
        CHECK(code_of([&] { store.publish_in_place(id, 6); }) == Code::io);
        CHECK(store.remove_blob(id));
        CHECK(code_of([&] { store.publish_in_place(id, 5); }) == Code::io);
    }
}

TEST_CASE("Store: after ESTALE the file is opened once more") {
    TempFolder folder;
    FaultyFiles files;
    Store store(folder.path(), files);
    Ulid id = Ulid::make();
    publish_text(store, id, "stale");
    files.arm(1, How::fail, ESTALE, "open");
    CHECK(read_text(store, id) == "stale");
    files.arm(1, How::fail, ESTALE, "read");
    CHECK(read_text(store, id) == "stale");
    files.arm(1, How::fail, ENOENT, "open");  // not visible to this node yet
    CHECK(read_text(store, id) == "stale");
}

TEST_CASE("Store: a symbolic link in place of a file is not followed, one to the folder is") {
    TempFolder folder;
    const Store made(folder / "disk");
    fs::create_directory_symlink(folder / "disk", folder / "shared");
    const Store store(folder / "shared");
    const Ulid id = Ulid::make();
    publish_text(store, id, "mine");
    CHECK(read_text(store, id) == "mine");
    std::ofstream(folder / "another") << "text";
    const std::string blob = folder / ("disk/blobs/" + Store::relative_path(id));
    fs::remove(blob);
    fs::create_symlink(folder / "another", blob);
    CHECK(code_of([&] { store.open(id); }) == Code::io);
    const Ulid upload = Ulid::make();
    fs::create_symlink(folder / "another", folder / ("disk/incoming/" + upload.text()));
    CHECK(code_of([&] { store.resume_incoming(upload, 0); }) == Code::io);
    CHECK(fs::file_size(folder / "another") == 4);
}

TEST_CASE("Store: errors of the disk keep their error code") {
    TempFolder folder;
    FaultyFiles files;
    Store store(folder.path(), files);
    for (const char* step : {"write", "sync_data", "close"}) {
        files.arm(1, How::fail, ENOSPC, step);
        CHECK(code_of([&] { publish_text(store, Ulid::make(), "x"); }) == Code::no_space);
        files.arm(1, How::fail, EIO, step);
        CHECK(code_of([&] { publish_text(store, Ulid::make(), "x"); }) == Code::io);
    }
}

TEST_CASE("Store: listings return each file once, and foreign files separately") {
    TempFolder folder;
    Store store(folder.path());
    std::set<Ulid> made, found;
    for (int i = 0; i < 40; ++i) {
        Ulid id = Ulid::make();
        publish_text(store, id, "12345");
        made.insert(id);
    }
    store.make_parts();
    std::ofstream(folder / "blobs/README") << "x";
    std::ofstream(folder / "blobs/ab/notes.txt") << "x";
    fs::create_directories(folder / "blobs/cd/ef");
    std::vector<std::string> strange;
    for (int part = 0; part < Store::kParts; ++part)
        store.list_blobs(
            part,
            [&](const FileInfo& file) {
                CHECK(file.size == 5);
                CHECK(std::abs(file.changed_at - store.file_clock()) < 60'000);
                CHECK(found.insert(file.id).second);
            },
            [&](const std::string& path) { strange.push_back(path); });
    CHECK(found == made);
    CHECK(strange == std::vector<std::string>{"blobs/ab/notes.txt", "blobs/cd/ef"});
    Ulid id = Ulid::make();
    Incoming file = store.create_incoming(id);
    std::vector<Ulid> incoming;
    store.list_incoming([&](const FileInfo& f) { incoming.push_back(f.id); });
    CHECK(incoming == std::vector<Ulid>{id});
}

TEST_CASE("Incoming: written windows are flushed to the disk and bytes stay whole") {
    TempFolder folder;
    Store store(folder.path());
    Ulid id = Ulid::make();
    Incoming file = store.create_incoming(id);
    std::vector<std::uint8_t> block(1 << 20);
    for (int i = 0; i < 48; ++i) {
        block[0] = static_cast<std::uint8_t>(i);
        file.write(block);
    }
    CHECK(file.size() == std::int64_t{48} << 20);
    file.seal();
    store.publish(id, std::int64_t{48} << 20);
    Reader reader = store.open(id);
    for (int i = 0; i < 48; ++i) {
        REQUIRE(reader.read_at(std::span(block).first(1), std::int64_t{i} << 20) == 1);
        CHECK(block[0] == i);
    }
    CHECK(reader.read_at(block, std::int64_t{48} << 20) == 0);
}

}  // namespace
}  // namespace bodega::blobs
