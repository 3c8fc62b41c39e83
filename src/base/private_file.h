// Files for this user only, such as keys.
#pragma once

#include <string>

namespace bodega::base {

// Replaces the file in one step and syncs it: a reader, and a start after a crash, finds the former text or this one.
// Its mode is 0600. Throws Error{io}.
void write_private_file(const std::string& path, const std::string& text);

}  // namespace bodega::base
