// The current or a former content of a file, with the metadata of its representation.
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

// The current content of the granted file. Throws Error{conflict} for a folder.
Representation content_of(const Grant& grant);

// The content of version `number` of the granted file. Throws Error{not_found}, Error{conflict}.
Representation content_of_version(const Services& services, const Grant& grant, std::int64_t number);

}  // namespace bodega::app
