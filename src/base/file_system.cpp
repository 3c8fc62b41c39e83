#include "base/file_system.h"

namespace bodega::base {
namespace {

struct Known {
    std::uint64_t type;
    std::string_view name;
};

// File system types from linux/magic.h and statfs(2). FUSE counts as a network file system, since the clients of s3fs,
// sshfs, EFS and JuiceFS are FUSE file systems.
constexpr Known kNetwork[] = {
    {0x6969, "NFS"},
    {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB"},
    {0x517B, "SMB"},
    {0x65735546, "FUSE"},
    {0x564C, "NCP"},
    {0x5346414F, "AFS"},
    {0x6B414653, "AFS"},
    {0x00C36400, "Ceph"},
    {0x01021997, "9p"},
    {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},
    {0x01161970, "GFS2"},
    {0x7461636F, "OCFS2"},
    {0x73757245, "Coda"},
    {0xAAD7AAEA, "PanFS"},
    {0x19830326, "BeeGFS"},
    {0x786F4256, "vboxsf"},
    {0xBACBACBC, "VMware shared folder"},
};

}  // namespace

std::optional<std::string_view> network_file_system(std::uint64_t type) noexcept {
    for (const Known& known : kNetwork) {
        if (known.type == (type & 0xFFFFFFFF)) return known.name;
    }
    return std::nullopt;
}

}  // namespace bodega::base
