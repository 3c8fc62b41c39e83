// Checks whether this process has the access to a shared directory that it needs (permissions, owners, mounts). Tries
// each operation.
//
// Only errors that waiting does not fix count as an obstacle: no permission (EACCES, EPERM) and a read-only file system
// (EROFS). The calls that use the directory detect by themselves that it hangs, or that the disk is full or failing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ulid.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

// `newest` are blobs that should be readable if they exist. Returns the first obstacle as text for a person: the
// operation that failed, and its path. Creates and removes files without a name; on NFS, files whose names begin with a
// dot.
std::optional<std::string> find_obstacle(FileOps& files, const std::string& root,
                                         const std::vector<base::Ulid>& newest);

// Folders of the store that do not belong to the owner of incoming/, and that this owner may not write to.
struct ForeignFolders {
    int count = 0;
    std::string first;  // for example: "PATH belongs to root (uid 0), and incoming/ to bodega (uid 990)"
};
ForeignFolders find_foreign(FileOps& files, const std::string& root);

}  // namespace bodega::blobs
