// Files that only this user may read, such as keys.
#pragma once

#include <string>

namespace bodega::base {

// Replaces the file atomically and syncs it. A reader, or the next start after a crash, finds either the old text or
// the new one. The mode is 0600. Throws Error{io}.
void write_private_file(const std::string& path, const std::string& text);

}  // namespace bodega::base
