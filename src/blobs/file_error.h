// What a failed call to the shared directory means to who asked for it.
#pragma once

#include <string_view>

#include "base/error.h"

namespace bodega::blobs {

// Error{no_space}; Error{unavailable} for a directory that does not answer (see PatientFiles); else Error{io}. The
// last two are worth another try in some seconds.
base::Error file_error(std::string_view doing, int error_number);

}  // namespace bodega::blobs
