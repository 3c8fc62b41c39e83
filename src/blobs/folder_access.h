// Whether this process may use a shared directory as it has to: permissions, owners and mounts, by trying.
//
// Only what waiting does not mend is an obstacle: no permission (EACCES, EPERM) and read-only file systems (EROFS).
// A directory that hangs, a disk that is full or fails are seen where they are met.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ulid.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

// `newest`: blobs, of which those that are there should be readable. The first obstacle, as a person reads it: what
// could not be done, with its path. Makes and removes files without a name; on NFS, ones whose names begin
// with a dot.
std::optional<std::string> find_obstacle(FileOps& files, const std::string& root,
                                         const std::vector<base::Ulid>& newest);

// Folders of the store that are not of the owner of incoming/ and can't be written by that one.
struct ForeignFolders {
    int count = 0;
    std::string first;  // "PATH belongs to root (uid 0), and incoming/ to bodega (uid 990)"
};
ForeignFolders find_foreign(FileOps& files, const std::string& root);

}  // namespace bodega::blobs
