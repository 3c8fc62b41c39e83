// The last step of a PUT, an upload and an import: turns published bytes into a file in a folder.
#pragma once

#include <string>

#include "app/auth/authorizer.h"
#include "app/tree/precondition.h"
#include "base/ulid.h"
#include "db/connection.h"
#include "store/tree/entry.h"
#include "store/tree/space_quota.h"
#include "store/uploads/upload.h"

namespace bodega::app {

// Says where published bytes become a file, and under which conditions. Made once, before the first try of the
// transaction. So if the answer of a try is lost, new_entry_id identifies the entry that it created.
struct FileCommit {
    base::Ulid folder_id;
    std::string name;  // a name that clean_name returned
    store::OnConflict on_conflict = store::OnConflict::replace;
    Precondition precondition;
    const Actor& actor;
    base::Ulid new_entry_id;
    int versions_keep = 0;
    store::QuotaRules quota = {};
};

struct CommittedFile {
    store::Entry entry;
    bool created = false;  // false if the file existed and got a new version
};

// Inserts the blob's row, the entry and its audit record. Idempotent: if the blob already has a row, returns the entry
// that uses the blob. Throws Error{not_found} for a folder that was removed or whose current space the actor may not
// see, {forbidden} for a folder whose space the actor may not change, {name_taken}, {precondition_failed},
// {quota_exceeded}. Requires: a transaction; the bytes of `content` are published.
CommittedFile commit_file(db::Connection& connection, const FileCommit& commit, const store::Content& content);

}  // namespace bodega::app
