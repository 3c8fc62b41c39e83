// Checks the dates that a client gives to a file. The years 1900 to 9999 are allowed, since HTTP, JSON and file systems
// can all represent them.
#pragma once

#include <string_view>

#include "base/clock.h"

namespace bodega::app {

bool is_file_date(base::Milliseconds date) noexcept;

// Throws Error{invalid} with the field's name if is_file_date is false.
void require_file_date(std::string_view field, base::Milliseconds date);

}  // namespace bodega::app
