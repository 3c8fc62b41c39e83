#include "blobs/mount.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega;

namespace {

constexpr std::string_view kMounts =
    "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro\n"
    "30 22 0:26 / /mnt rw,nosuid - tmpfs tmpfs rw,size=1024k\n"
    "41 30 0:55 / /mnt/efs rw,relatime shared:9 master:2 - nfs4 fs-1.efs.eu-west-1.amazonaws.com:/ "
    "rw,vers=4.1,rsize=1048576,hard,noresvport,proto=tcp\n"
    "42 30 0:56 / /mnt/a\\040b rw - fuse.sshfs me@host:/a\\040b rw,user_id=0\n"
    "43 22 0:57 / /srv rw - ext4 /dev/vdb rw\n"
    "44 43 0:58 / /srv rw - xfs /dev/vdc rw\n"
    "a line that is none\n";

}  // namespace

TEST_CASE("a path's mount is the one with the longest matching mount point", "[blobs]") {
    CHECK(blobs::find_mount(kMounts, "/home/ana").type == "ext4");
    CHECK(blobs::find_mount(kMounts, "/mnt/efs").type == "nfs4");
    CHECK(blobs::find_mount(kMounts, "/mnt/efs/bodega").point == "/mnt/efs");
    CHECK(blobs::find_mount(kMounts, "/mnt/efs2").type == "tmpfs");
    CHECK(blobs::find_mount(kMounts, "/mnt/a b/c").source == "me@host:/a b");
    CHECK(blobs::find_mount(kMounts, "/srv/x").type == "xfs");  // mounted over the other
    CHECK(blobs::find_mount("", "/").point.empty());
}

TEST_CASE("a mount's options are those of the mount and of the file system", "[blobs]") {
    const blobs::Mount mount = blobs::find_mount(kMounts, "/mnt/efs");
    CHECK(mount.is_nfs());
    CHECK(mount.has("hard"));
    CHECK(mount.has("relatime"));
    CHECK_FALSE(mount.has("soft"));
    CHECK(mount.value("vers") == "4.1");
    CHECK(mount.value("ver").empty());
    CHECK_FALSE(blobs::mount_of("/").type.empty());
    CHECK(blobs::mount_of("/no/such/folder").point.empty());
}
