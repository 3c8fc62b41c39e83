#include "blobs/sealed_file.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "support/temp_folder.h"

using namespace bodega;
using blobs::FileOps;
using blobs::SealedFile;
using blobs::SealedFileWriter;
namespace fs = std::filesystem;

namespace {

void write(const std::string& path, const std::string& content) {
    SealedFileWriter file(FileOps::kernel(), path);
    file.write(content);
    file.seal();
    file.commit();
}

base::Code refusal(const std::string& path) {
    try {
        SealedFile file(FileOps::kernel(), path);
        return base::Code::internal;
    } catch (const base::Error& error) {
        return error.code();
    }
}

}  // namespace

TEST_CASE("a sealed file returns what was written, and no more", "[blobs]") {
    test::TempFolder folder;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20, std::size_t{3'000'001}}) {
        write(folder / "file", std::string(size, 'x') + "end");
        SealedFile file(FileOps::kernel(), folder / "file");
        for (int round = 0; round < 2; ++round) {
            CHECK(file.read(size) == std::string(size, 'x'));
            CHECK_FALSE(file.at_end());
            CHECK(file.read(3) == "end");
            CHECK(file.at_end());
            CHECK_THROWS_AS(file.read(1), base::Error);
            file.rewind();
        }
        CHECK((fs::status(folder / "file").permissions() & fs::perms::others_all) == fs::perms::none);
    }
}

TEST_CASE("a sealed file is not visible before it is complete", "[blobs]") {
    test::TempFolder folder;
    {
        SealedFileWriter file(FileOps::kernel(), folder / "file");
        file.write("half");
        file.seal();
        CHECK(SealedFile(FileOps::kernel(), file.draft_path()).read(4) == "half");
        CHECK_FALSE(fs::exists(folder / "file"));
    }
    CHECK(fs::is_empty(folder.path()));
    CHECK(refusal(folder / "file") == base::Code::not_found);
}

TEST_CASE("a sealed file that was torn or changed is refused", "[blobs]") {
    test::TempFolder folder;
    write(folder / "file", "some content");
    const auto size = fs::file_size(folder / "file");
    for (std::uintmax_t cut = 0; cut < size; ++cut) {
        fs::copy_file(folder / "file", folder / "torn", fs::copy_options::overwrite_existing);
        fs::resize_file(folder / "torn", cut);
        CHECK(refusal(folder / "torn") == base::Code::checksum_mismatch);
        fs::copy_file(folder / "file", folder / "changed", fs::copy_options::overwrite_existing);
        std::fstream file(folder / "changed", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(cut)).put('~');
        file.close();
        CHECK(refusal(folder / "changed") == base::Code::checksum_mismatch);
    }
}
