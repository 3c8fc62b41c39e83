// The last step of every way in (a PUT, an upload, an import): published bytes become a file of a folder.
#pragma once

#include <string>

#include "app/auth/authorizer.h"
#include "app/tree/precondition.h"
#include "base/ulid.h"
#include "db/connection.h"
#include "store/tree/entry.h"
#include "store/tree/space_room.h"
#include "store/uploads/upload.h"

namespace bodega::app {

// Where the bytes go, and what must be there. Made once, before the first try: the ids are what a try whose
// answer was lost is known by.
struct Placement {
    base::Ulid folder_id;
    std::string name;  // as clean_name made it
    store::OnConflict on_conflict = store::OnConflict::replace;
    Expected expected;
    const Actor& actor;
    base::Ulid new_entry_id;
    int versions_keep = 0;
    store::RoomRules room = {};
};

struct Placed {
    store::Entry entry;
    bool created = false;  // false: a new version of the file that was there
};

// Writes the blob's row, the entry and its line in the trail. Harmless twice: a blob that has its row is found where it
// is. Throws Error{not_found} for a folder that is gone or that the actor may not see where it is
// now, {forbidden} for one whose space they may not change, {name_taken}, {precondition_failed}, {quota_exceeded}.
// Requires: a transaction; `content`'s bytes are published.
Placed place(db::Connection& connection, const Placement& placement, const store::Content& content);

}  // namespace bodega::app
