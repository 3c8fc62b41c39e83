// Files that only this process's user may read, such as keys.
#pragma once

#include <string>

namespace bodega::base {

// Replaces the file atomically and syncs it. Even after a crash, the file has either the old text or the new one,
// completely. The mode is 0600. Throws Error{io}.
void write_private_file(const std::string& path, const std::string& text);

}  // namespace bodega::base
