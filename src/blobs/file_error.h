// What a failed call to the shared directory means to who asked for it.
#pragma once

#include <string_view>

#include "base/error.h"

namespace bodega::blobs {

// Error{no_space}; Error{unavailable} for a directory that does not answer (see PatientFiles) or that must not be
// changed (see GuardedFiles); else Error{io}. The last two are worth another try in some seconds.
base::Error file_error(std::string_view doing, int error_number);

// Whether the call that failed so has returned. False: it was given up, and may happen at any later time.
inline bool has_returned(const base::Error& error) noexcept { return error.code() != base::Code::unavailable; }

}  // namespace bodega::blobs
