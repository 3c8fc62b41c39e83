// The bytes of a file, current or former, with what a representation of them says.
#pragma once

#include <cstdint>
#include <string>

#include "app/auth/authorizer.h"
#include "app/services.h"
#include "store/tree/entry.h"

namespace bodega::app {

struct Representation {
    store::Content content;
    std::string name;
    base::Milliseconds modified_at = 0;
};

// Of a file that was reached. Throws Error{conflict} for a folder.
Representation content_of(const Grant& grant);

// Of its version `number`, the current one or a former. Throws Error{not_found}, Error{conflict}.
Representation content_of_version(const Services& services, const Grant& grant, std::int64_t number);

}  // namespace bodega::app
