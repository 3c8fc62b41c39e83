// The dates that a client may give a file: of the years 1900 to 9999, in which HTTP, JSON and file systems can say
// them.
#pragma once

#include <string_view>

#include "base/clock.h"

namespace bodega::app {

bool is_file_date(base::Milliseconds date) noexcept;

// Throws Error{invalid} that names the field unless is_file_date.
void require_file_date(std::string_view field, base::Milliseconds date);

}  // namespace bodega::app
