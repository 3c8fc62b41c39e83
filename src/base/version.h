// The version of this binary; the build defines it.
#pragma once

#include <string_view>

namespace bodega::base {

std::string_view version() noexcept;  // "0.1.0"
std::string_view
commit() noexcept;  // "8f06801aa2c4", with "-dirty" if the tree had uncommitted changes; "unknown" outside git

}  // namespace bodega::base
