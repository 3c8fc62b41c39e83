#include "base/file_system.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::base {
namespace {

TEST_CASE("network file systems are recognised by their magic number", "[base]") {
    CHECK(network_file_system(0x6969) == "NFS");
    CHECK(network_file_system(0xFF534D42) == "CIFS");
    CHECK(network_file_system(0xFFFFFFFFFF534D42) == "CIFS");  // sign-extended on some machines
    CHECK(network_file_system(0x65735546) == "FUSE");
    CHECK_FALSE(network_file_system(0xEF53));      // ext4
    CHECK_FALSE(network_file_system(0x58465342));  // xfs
    CHECK_FALSE(network_file_system(0x01021994));  // tmpfs
    CHECK_FALSE(network_file_system(0x794C7630));  // overlayfs
}

}  // namespace
}  // namespace bodega::base
