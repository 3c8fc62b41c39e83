// What a failed call to the shared directory means to its caller.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace bodega::blobs {

// Error{no_space}; Error{unavailable} for a directory that does not answer (see PatientFiles) or that must not be
// changed (see GuardedFiles); else Error{io}. The last two are worth another try in some seconds. The message names
// `path`; of an Error{unavailable}, which people are shown, the log does.
base::Error file_error(std::string_view doing, const std::string& path, int error_number);

// The same for an open file.
base::Error file_error(std::string_view doing, int fd, int error_number);

// The name that an open file has now. Asks the kernel, and no file system.
std::string open_file_name(int fd);

// Whether the call that failed so has returned. False: it was given up, and may happen at any later time.
inline bool has_returned(const base::Error& error) noexcept { return error.code() != base::Code::unavailable; }

}  // namespace bodega::blobs
