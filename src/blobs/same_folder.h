// Whether two paths lead to one folder, by device and inode: symbolic links and bind mounts give a folder other names.
#pragma once

#include <string>

namespace bodega::blobs {

// Whether `path` is `folder` or below it. Of a path that is not there yet the nearest parent that is counts. False if
// either can't be looked at.
bool is_within(const std::string& path, const std::string& folder);

// Whether both are there and are the same.
bool is_same(const std::string& path, const std::string& folder);

}  // namespace bodega::blobs
