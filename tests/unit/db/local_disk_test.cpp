#include "db/local_disk.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "base/error.h"

namespace bodega::db {
namespace {

TEST_CASE("network file systems are known by their number", "[db]") {
    CHECK(network_file_system(0x6969) == "NFS");
    CHECK(network_file_system(0xFF534D42) == "CIFS");
    CHECK(network_file_system(0xFFFFFFFFFF534D42) == "CIFS");  // sign-extended on some machines
    CHECK(network_file_system(0x65735546) == "FUSE");
    CHECK_FALSE(network_file_system(0xEF53));      // ext4
    CHECK_FALSE(network_file_system(0x58465342));  // xfs
    CHECK_FALSE(network_file_system(0x01021994));  // tmpfs
    CHECK_FALSE(network_file_system(0x794C7630));  // overlayfs
}

TEST_CASE("a folder of this machine is accepted, a missing one is not", "[db]") {
    CHECK_NOTHROW(require_local_disk(std::filesystem::temp_directory_path()));
    CHECK_THROWS_AS(require_local_disk("/nonexistent/folder"), base::Error);
}

}  // namespace
}  // namespace bodega::db
