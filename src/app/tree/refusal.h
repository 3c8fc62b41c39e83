// Tells what a failed commit means for the bytes that were published before it.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"

namespace bodega::app {

// True if the transaction was refused and certainly rolled back (a taken name, no room, …). False if its outcome may be
// unknown; then its bytes are left to the garbage collector.
bool is_refusal(base::Code code) noexcept;

// Runs a removal and logs what it throws. A failure does no harm, since the garbage collector removes the file later.
void discard(std::string_view what, const std::function<void()>& remove) noexcept;

}  // namespace bodega::app
