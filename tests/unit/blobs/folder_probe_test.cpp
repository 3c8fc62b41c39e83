#include "blobs/folder_probe.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "support/faulty_files.h"
#include "support/temp_folder.h"

using namespace bodega;
namespace fs = std::filesystem;

namespace {

// A file system whose rename keeps the old name, too, as an emulated rename may.
class TwoNames : public blobs::FileOps {
public:
    int rename(const char* from, const char* to) override {
        fs::copy_file(from, to, fs::copy_options::overwrite_existing);
        return 0;
    }
};

int files_in(const std::string& folder) {
    int count = 0;
    for (const auto& file : fs::directory_iterator(folder)) count += file.path().filename() != ".clock" ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("a folder on a local disk passes the probe, which leaves nothing behind", "[blobs]") {
    test::TempFolder folder;
    const blobs::Store store(folder.path());
    const blobs::FolderProbe facts = blobs::look_at(store);
    CHECK(facts.failure.empty());
    CHECK(facts.is_visible);
    CHECK(facts.can_replace);
    CHECK(facts.excludes);
    CHECK(facts.sync.size() >= 3);
    CHECK(facts.sync.size() == facts.rename.size());
    CHECK(std::is_sorted(facts.open.begin(), facts.open.end()));
    CHECK(facts.all_bytes >= facts.free_bytes);
    CHECK(facts.free_bytes > 0);
    CHECK_FALSE(facts.mount.type.empty());
    CHECK(files_in(folder / "incoming") == 0);
}

TEST_CASE("the probe reports each operation that a folder gets wrong", "[blobs]") {
    test::TempFolder folder;
    TwoNames two_names;
    CHECK_FALSE(blobs::look_at(blobs::Store(folder.path(), two_names)).is_visible);
    test::FaultyFiles faulty;
    faulty.arm(1, test::How::fail, EIO, "sync_data");
    const blobs::Store store(folder.path(), faulty);
    const blobs::FolderProbe facts = blobs::look_at(store);
    CHECK(facts.failure.find("fsync " + (folder / "incoming/.doctor-")) != std::string::npos);
    CHECK(files_in(folder / "incoming") == 0);
}
