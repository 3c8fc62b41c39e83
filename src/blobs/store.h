// The shared directory: uploads under way and immutable files named by id, on local disk or NFS/EFS.
//
//   <shared>/incoming/<id>        an upload under way, on the same file system
//   <shared>/blobs/ab/cd/<id>     immutable once there; ab/cd are the first hex digits of the id's random part
//
// Thread-safe: a Store holds no state but its folders. Errors: Error{no_space} and Error{io} for the disk's,
// Error{unavailable} for a directory that does not answer.
#pragma once

#include <string>

#include "base/ulid.h"

namespace bodega::blobs {

class Store {
public:
    // Makes the folders if missing. Throws Error{config_invalid} if that can't be or `shared` is read-only.
    explicit Store(std::string shared);

    const std::string& root() const noexcept { return root_; }

    // "ab/cd/<id>", relative to <shared>/blobs.
    static std::string relative_path(const base::Ulid& id);

private:
    std::string root_;
};

}  // namespace bodega::blobs
