// The entry that a call looks at.
#pragma once

#include "app/auth/authorizer.h"

namespace bodega::web {

class Call;

// Of the path's id, for looking at it: live, or with the query trashed=true also in the trash. Throws as Call::reach.
app::Grant shown_entry(Call& call);

}  // namespace bodega::web
