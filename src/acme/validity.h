// The period in which a certificate is valid.
#pragma once

#include <string>

#include "base/clock.h"

namespace bodega::acme {

struct Validity {
    base::Milliseconds from = 0;
    base::Milliseconds until = 0;
};

// Returns the validity of the first certificate of a chain in PEM. Throws Error{unavailable} if there is no
// certificate.
Validity validity_of(const std::string& chain);

}  // namespace bodega::acme
