// Translates a failed call to the shared directory into an Error.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace bodega::blobs {

// Returns Error{no_space} if the disk is full, Error{unavailable} if the directory does not respond (see TimedFileOps)
// or must not be changed (see GuardedFiles), else Error{io}. A retry some seconds later may succeed after
// Error{unavailable} or Error{io}. The message names `path`, except in Error{unavailable}: users see that message, so
// only the log names the path.
base::Error file_error(std::string_view doing, const std::string& path, int error_number);

// Like file_error() for a path, but for an open file.
base::Error file_error(std::string_view doing, int fd, int error_number);

// Returns the current name of an open file. Asks only the kernel and not the file system, so it can't hang.
std::string open_file_name(int fd);

// Returns false if the call timed out: it may still take effect at any later time.
inline bool has_returned(const base::Error& error) noexcept { return error.code() != base::Code::unavailable; }

}  // namespace bodega::blobs
