// Tests whether two paths lead to the same folder. Compares device and inode, because symbolic links and bind mounts
// give a folder several paths.
#pragma once

#include <string>

namespace bodega::blobs {

// Whether `path` is `folder` or below it. If `path` is missing, checks its nearest existing parent. Returns false if a
// folder can't be opened.
bool is_within(const std::string& path, const std::string& folder);

// Whether both paths exist and lead to the same folder.
bool is_same(const std::string& path, const std::string& folder);

}  // namespace bodega::blobs
