#include "edge/files/small_files.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "support/temp_folder.h"

namespace bodega::edge {
namespace {

constexpr std::size_t kPlenty = 1 << 20;
constexpr std::int64_t kAnyAge = -1'000'000'000;  // the clocks of files and of the process differ by a few milliseconds

class Shelf {
public:
    explicit Shelf(BlobFolder::Names names, std::int64_t settled = kAnyAge)
        : folder(std::make_shared<const BlobFolder>(path_.path(), names)), files(settled) {
        files.limit_to(kPlenty);
    }

    void write(const std::string& name, const std::string& bytes) const {
        std::filesystem::path target(path_ / name);
        std::ofstream(target.string() + ".new", std::ios::binary) << bytes;
        std::filesystem::rename(target.string() + ".new", target);
    }
    void remove(const std::string& name) const { std::filesystem::remove(path_ / name); }
    std::string path(const std::string& name) const { return path_ / name; }

    std::shared_ptr<const Blob> offer(const std::string& name) {
        OpenFile file = folder->open(name, BlobFolder::Waiting::yes);
        REQUIRE(file.status == OpenFile::Status::ready);
        return files.keep(std::make_shared<const Blob>(Blob{folder, name, std::move(file), std::nullopt}));
    }
    std::string found(const std::string& name) {
        auto blob = files.find(folder, name);
        return blob ? *blob->content : "";
    }

private:
    test::TempFolder path_;

public:
    const std::shared_ptr<const BlobFolder> folder;
    SmallFiles files;
};

}  // namespace

TEST_CASE("a small file that was put into the cache is found") {
    Shelf shelf(BlobFolder::Names::any);
    shelf.write("a.txt", "some text");
    CHECK(shelf.found("a.txt").empty());
    auto blob = shelf.offer("a.txt");
    REQUIRE(blob->content);
    CHECK(*blob->content == "some text");
    CHECK(blob->file.size == 9);
    CHECK_FALSE(blob->file.fd);
    CHECK(shelf.found("a.txt") == "some text");
    CHECK(shelf.found("b.txt").empty());
    auto other = std::make_shared<const BlobFolder>(shelf.path(""), BlobFolder::Names::any);
    CHECK(shelf.files.find(other, "a.txt") == nullptr);
}

TEST_CASE("a file that was changed, replaced, removed or made a link is dropped from the cache") {
    Shelf shelf(BlobFolder::Names::any);
    shelf.write("a.txt", "one");
    shelf.offer("a.txt");
    SECTION("replaced by a file of the same size") {
        shelf.write("a.txt", "two");
        CHECK(shelf.found("a.txt").empty());
        CHECK(shelf.files.bytes() == 0);
        shelf.offer("a.txt");
        CHECK(shelf.found("a.txt") == "two");
    }
    SECTION("changed in place") {
        std::ofstream(shelf.path("a.txt"), std::ios::binary | std::ios::app) << " more";
        CHECK(shelf.found("a.txt").empty());
    }
    SECTION("removed") {
        shelf.remove("a.txt");
        CHECK(shelf.found("a.txt").empty());
    }
    SECTION("replaced by a link to itself, which is never followed") {
        std::filesystem::rename(shelf.path("a.txt"), shelf.path("b.txt"));
        std::filesystem::create_symlink("b.txt", shelf.path("a.txt"));
        CHECK(shelf.found("a.txt").empty());
    }
}

TEST_CASE("a blob is cached without revalidation, because it never changes") {
    Shelf shelf(BlobFolder::Names::ids);
    shelf.write("id", "bytes");
    shelf.offer("id");
    shelf.remove("id");
    CHECK(shelf.found("id") == "bytes");
}

TEST_CASE("a file that has just changed, is empty or is large is not cached") {
    Shelf shelf(BlobFolder::Names::any, 3'600'000'000'000);
    shelf.write("new", "bytes");
    CHECK_FALSE(shelf.offer("new")->content);
    CHECK(shelf.found("new").empty());
    Shelf other(BlobFolder::Names::any);
    other.write("empty", "");
    CHECK_FALSE(other.offer("empty")->content);
    other.write("large", std::string(SmallFiles::kLargest + 1, 'x'));
    CHECK_FALSE(other.offer("large")->content);
    other.write("largest", std::string(SmallFiles::kLargest, 'x'));
    CHECK(other.offer("largest")->content);
}

TEST_CASE("without room the least recently used files are evicted") {
    Shelf shelf(BlobFolder::Names::ids);
    for (const char* name : {"a", "b", "c"}) shelf.write(name, std::string(10'000, *name));
    shelf.files.limit_to(25'000);
    shelf.offer("a");
    shelf.offer("b");
    CHECK(shelf.found("a").size() == 10'000);
    shelf.offer("c");
    CHECK(shelf.found("b").empty());
    CHECK(shelf.found("a").size() == 10'000);
    CHECK(shelf.found("c").size() == 10'000);
    CHECK(shelf.files.bytes() <= 25'000);
    shelf.files.limit_to(0);
    CHECK(shelf.files.bytes() == 0);
    CHECK(shelf.found("a").empty());
    CHECK_FALSE(shelf.offer("a")->content);
}

TEST_CASE("a copy opened after a file was replaced wins over one opened before") {
    Shelf shelf(BlobFolder::Names::any);
    shelf.write("a.txt", "one");
    auto open = [&] {
        OpenFile file = shelf.folder->open("a.txt", BlobFolder::Waiting::yes);
        return std::make_shared<const Blob>(Blob{shelf.folder, "a.txt", std::move(file), std::nullopt});
    };
    auto early = open();
    shelf.write("a.txt", "two");
    auto late = open();
    shelf.files.keep(early);
    auto kept = shelf.files.keep(late);
    REQUIRE(kept->content);
    CHECK(*kept->content == "two");
    CHECK(shelf.found("a.txt") == "two");
}

TEST_CASE("a file that is put twice is cached once") {
    Shelf shelf(BlobFolder::Names::ids);
    shelf.write("id", "bytes");
    shelf.offer("id");
    std::size_t bytes = shelf.files.bytes();
    shelf.offer("id");
    CHECK(shelf.files.bytes() == bytes);
    CHECK(shelf.found("id") == "bytes");
}

}  // namespace bodega::edge
