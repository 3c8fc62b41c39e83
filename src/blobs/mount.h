// The mount of a path, from /proc/self/mountinfo (proc(5)). Pure functions, except mount_of(path).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::blobs {

struct Mount {
    std::string point;                 // the mount point: "/mnt/efs"; empty: unknown
    std::string type;                  // type of the file system: "nfs4", "ext4", "fuse.sshfs"
    std::string source;                // device or server: "fs-0123.efs.eu-west-1.amazonaws.com:/"
    std::vector<std::string> options;  // options of the mount and of the file system: "rw", "hard", "vers=4.1"

    bool has(std::string_view option) const;
    // Returns the text after "name=" in the options, or "".
    std::string value(std::string_view name) const;
    bool is_nfs() const { return type == "nfs" || type == "nfs4"; }
};

// Finds the mount whose point is the longest prefix of `path`, which is absolute and has no symbolic links. If several
// mounts have the same point, returns the last.
Mount find_mount(std::string_view mountinfo, std::string_view path);

Mount mount_of(const std::string& path);

}  // namespace bodega::blobs
