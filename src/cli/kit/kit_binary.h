// Path and checksum of the binary that this process runs.
#pragma once

#include <string>

namespace bodega::cli {

// Throws Error{io} if the kernel does not show the path, for example without /proc.
std::string binary_path();
std::string binary_sha256();  // SHA-256 of the file's bytes, in hex; throws Error{io}

}  // namespace bodega::cli
