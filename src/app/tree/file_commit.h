// The last step of a PUT, an upload and an import: turns published bytes into a file in a folder.
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

// The target of the bytes and its precondition. Made once, before the first try: its ids identify the result of a try
// whose answer was lost.
struct FileCommit {
    base::Ulid folder_id;
    std::string name;  // as clean_name returned it
    store::OnConflict on_conflict = store::OnConflict::replace;
    Precondition precondition;
    const Actor& actor;
    base::Ulid new_entry_id;
    int versions_keep = 0;
    store::RoomRules room = {};
};

struct CommittedFile {
    store::Entry entry;
    bool created = false;  // false: a new version of the file that was there
};

// Inserts the blob's row, the entry and its audit record. Idempotent: for a blob that has its row already it returns
// the entry that has the blob. Throws Error{not_found} for a folder that was removed or that the actor may not see in
// its current space, {forbidden} for one whose space they may not change, {name_taken}, {precondition_failed},
// {quota_exceeded}. Requires: a transaction; the bytes of `content` are published.
CommittedFile commit_file(db::Connection& connection, const FileCommit& commit, const store::Content& content);

}  // namespace bodega::app
