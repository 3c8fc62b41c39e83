// The entry that a read call is about.
#pragma once

#include "app/auth/authorizer.h"

namespace bodega::web {

class Call;

// Finds the entry of the path's id: live, or also in the trash with the query trashed=true. Throws the errors of
// Call::reach.
app::Grant shown_entry(Call& call);

}  // namespace bodega::web
