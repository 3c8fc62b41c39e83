// Tells whether a failed commit was rolled back, so that the bytes published before it can be removed.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"

namespace bodega::app {

// True if an error with this code means that the transaction was refused (a taken name, a full quota, …) and so rolled
// back. False if the transaction may have been committed; the garbage collector then decides about the bytes.
bool is_refusal(base::Code code) noexcept;

// Runs a removal and logs its errors. An error does no harm, since the garbage collector removes the file later.
void discard(std::string_view what, const std::function<void()>& remove) noexcept;

}  // namespace bodega::app
