// Finds the entry that a GET or HEAD shows.
#pragma once

#include "app/auth/authorizer.h"

namespace bodega::web {

class Call;

// Returns the entry whose id is in the path. An entry in the trash is found only with the query trashed=true. Throws
// the errors of Call::reach.
app::Grant shown_entry(Call& call);

}  // namespace bodega::web
