// Whether two paths lead to the same folder, by device and inode, because symbolic links and bind mounts give a folder
// several names.
#pragma once

#include <string>

namespace bodega::blobs {

// Whether `path` is `folder` or below it. For a missing path, checks the nearest existing parent. False if either can't
// be read.
bool is_within(const std::string& path, const std::string& folder);

// Whether both exist and are the same.
bool is_same(const std::string& path, const std::string& folder);

}  // namespace bodega::blobs
