// Inserts rows for copies of many entries in few statements.
#pragma once

#include <span>
#include <string>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

struct Copy {
    base::Ulid id;
    base::Ulid parent_id;
    const Entry* source = nullptr;  // must outlive the call; its content, kind and child count are copied
    std::string name;
    std::string name_key;
    std::string mime;  // MIME type of a file; empty for a folder
};

// Inserts each copy as version 1, with the source's blob. The blob's row stays locked (see retain_blob). A file keeps
// its date. Does not update totals: the caller charges the space and touches the folder that receives the topmost copy.
// Throws Error{conflict} if a blob is gone. Requires: a lock on both spaces; the names are free.
void insert_copies(db::Connection& connection, std::span<const Copy> copies, const base::Ulid& space_id,
                   const base::Ulid& user_id, base::Milliseconds now);

}  // namespace bodega::store
