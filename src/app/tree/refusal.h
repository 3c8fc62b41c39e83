// What a failed commit means for the bytes that were published before it.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"

namespace bodega::app {

// True if the transaction said no and was rolled back for certain (a taken name, no room, …); false if its
// outcome may be unknown, when its bytes are left to the sweeper.
bool is_refusal(base::Code code) noexcept;

// Runs a removal that may fail without harm, since the sweeper would come to it as well: logs what it throws.
void discard(std::string_view what, const std::function<void()>& remove) noexcept;

}  // namespace bodega::app
