// Backup folders: which folders may become one, who owns them, and that a refused one is not changed.
#include "blobs/backup_folder.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/error.h"
#include "blobs/same_folder.h"
#include "support/faulty_files.h"
#include "support/temp_folder.h"

namespace bodega {
namespace {

namespace fs = std::filesystem;
using base::Ulid;
using blobs::BackupFolder;
using Catch::Matchers::ContainsSubstring;

void make_file(const std::string& path, const std::string& content = "x") {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << content;
}

std::set<std::string> all_in(const std::string& folder) {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) found.insert(entry.path().string());
    return found;
}

std::string refusal(const std::string& path, const BackupFolder::Writer& writer) {
    try {
        const BackupFolder folder(path, writer);
        return "";
    } catch (const base::Error& error) {
        return error.what();
    }
}

const BackupFolder::Writer kAnyone{.catalog = Ulid::make(), .adopts = true};
const BackupFolder::Writer kMine{.catalog = Ulid::make(), .made = [](const std::string&) { return true; }};
const BackupFolder::Writer kOther{.catalog = Ulid::make(), .made = [](const std::string&) { return false; }};

TEST_CASE("backup folder: only an empty folder is claimed", "[backup]") {
    const test::TempFolder folder;
    struct Row {
        std::vector<std::string> files;
        bool taken;
    };
    const std::string blob = "blobs/01/23/" + Ulid::make().text();
    const Row rows[] = {
        {{}, true},
        {{"lost+found/"}, true},
        {{"snapshots/.lock"}, true},                         // killed before the mark
        {{"snapshots/.lock", ".bodega-backup.json"}, true},  // killed while it was written
        {{"a letter"}, false},
        {{"blobs/"}, false},
        {{"incoming/" + Ulid::make().text(), blob}, false},      // a shared folder of an early version
        {{"bodega.json", "snapshots/x.catalog"}, false},         // a shared folder
        {{"generation/x", "snapshots/x.catalog", blob}, false},  // the same, whose id was lost
    };
    int number = 0;
    for (const Row& row : rows) {
        const std::string path = folder / std::to_string(++number);
        fs::create_directory(path);
        for (const std::string& file : row.files) {
            if (file.ends_with("/")) fs::create_directories(path + "/" + file);
            else make_file(path + "/" + file);
        }
        CAPTURE(number);
        const auto before = all_in(path);
        for (const auto& writer : {kOther, kMine, kAnyone}) {
            const bool taken = refusal(path, writer).empty();
            CHECK(taken == row.taken);
            if (taken) break;
            CHECK(all_in(path) == before);
        }
    }
}

TEST_CASE("backup folder: it belongs to the catalog that made it until it is adopted", "[backup]") {
    const test::TempFolder folder;
    const std::string path = folder / "saved";
    CHECK(refusal(path, kMine).empty());
    make_file(path + "/incoming/" + Ulid::make().text());
    make_file(path + "/snapshots/20261126T012233.456Z.catalog.part");
    const auto before = all_in(path);
    CHECK_THAT(refusal(path, kOther), ContainsSubstring("backups of another catalog (" + kMine.catalog.text()));
    CHECK(all_in(path) == before);
    {
        BackupFolder mine(path, kMine);
        CHECK(mine.owns(std::nullopt));
        CHECK(mine.owns(kMine.catalog));
        CHECK_FALSE(mine.owns(kOther.catalog));
        CHECK(all_in(path).size() == before.size() - 2);
    }
    {
        BackupFolder adopted(path, kAnyone);
        CHECK(adopted.owns(kMine.catalog));
        CHECK(adopted.owns(kAnyone.catalog));
    }
    CHECK_THAT(refusal(path, kMine), ContainsSubstring("another catalog"));
    CHECK(BackupFolder(path, kAnyone).owns(kMine.catalog));
    // Any valid JSON is enough.
    make_file(path + "/bodega-backup.json", R"({"former":[")" + kAnyone.catalog.text() +
                                                R"("],"layout":2,"catalog":")" + kMine.catalog.text() + R"("})");
    CHECK(BackupFolder(path, kMine).owns(kAnyone.catalog));
    CHECK_THAT(refusal(path, kOther), ContainsSubstring("another catalog"));
    make_file(path + "/bodega-backup.json", "{}");
    CHECK_THAT(refusal(path, kMine), ContainsSubstring("does not name a catalog"));
}

TEST_CASE("backup folder: a folder of an earlier version belongs to the catalog that made its snapshots", "[backup]") {
    const test::TempFolder folder;
    const std::string path = folder / "saved";
    make_file(path + "/snapshots/20261126T012233.456Z.catalog");
    make_file(path + "/snapshots/.lock");
    make_file(path + "/blobs/01/23/" + Ulid::make().text());
    CHECK_THAT(refusal(path, kOther), ContainsSubstring("does not say whose backups it has"));
    CHECK(refusal(path, kMine).empty());
    CHECK_THAT(refusal(path, kOther), ContainsSubstring("another catalog"));
    fs::remove(path + "/bodega-backup.json");
    CHECK(refusal(path, kAnyone).empty());
}

TEST_CASE("backup folder: whichever call fails while it is claimed, the next run owns it and no other catalog can",
          "[backup]") {
    for (const auto how : {test::How::fail, test::How::happen_and_fail}) {
        bool was_struck = true;
        for (int call = 1; was_struck; ++call) {
            REQUIRE(call < 100);
            const test::TempFolder folder;
            const std::string path = folder / "saved";
            test::FaultyFiles files;
            files.arm(call, how);
            bool opened = false;
            try {
                const BackupFolder first(path, kMine, files);
                opened = true;
            } catch (const base::Error&) {
            }
            was_struck = !files.struck().empty();
            CAPTURE(call, files.struck());
            if (opened) CHECK_THAT(refusal(path, kOther), ContainsSubstring("another catalog"));
            CHECK(refusal(path, kMine).empty());
            CHECK_THAT(refusal(path, kOther), ContainsSubstring("another catalog"));
        }
    }
}

TEST_CASE("backup folder: the position of the verification is kept, and snapshot names are never reused", "[backup]") {
    const test::TempFolder folder;
    BackupFolder backup(folder / "saved", kMine);
    CHECK(backup.verified() == 0);
    backup.set_verified(0xBEEF);
    CHECK(backup.verified() == 0xBEEF);
    CHECK(backup.new_snapshot(0) == "19700101T000000.000Z.catalog");
    make_file(backup.path_of("19700101T000000.000Z.catalog"));
    CHECK(backup.new_snapshot(0) == "19700101T000000.001Z.catalog");
}

TEST_CASE("same folder: symbolic links and missing last segments are resolved", "[backup]") {
    const test::TempFolder folder;
    fs::create_directories(folder / "shared/blobs/01");
    fs::create_directory_symlink(folder / "shared/blobs", folder / "link");
    CHECK(blobs::is_within(folder / "link/01", folder / "shared/blobs"));
    CHECK(blobs::is_within(folder / "link/02/new/deep", folder / "shared/blobs"));
    CHECK(blobs::is_within(folder / "shared/../shared/blobs", folder / "shared/blobs"));
    CHECK_FALSE(blobs::is_within(folder / "shared/other", folder / "shared/blobs"));
    CHECK_FALSE(blobs::is_within(folder / "shared", folder / "no"));
    CHECK(blobs::is_same(folder / "link", folder / "shared/blobs"));
    CHECK_FALSE(blobs::is_same(folder / "shared", folder / "shared/blobs"));
}

}  // namespace
}  // namespace bodega
