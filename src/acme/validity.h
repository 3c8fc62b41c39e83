// From when until when a certificate is valid.
#pragma once

#include <string>

#include "base/clock.h"

namespace bodega::acme {

struct Validity {
    base::Milliseconds from = 0;
    base::Milliseconds until = 0;
};

// Of the first certificate of a chain in PEM. Throws Error{unavailable} for what is none.
Validity validity_of(const std::string& chain);

}  // namespace bodega::acme
