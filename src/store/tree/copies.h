// Rows for the copies of many entries at once, in as few statements as may be.
#pragma once

#include <span>
#include <string>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

struct Copy {
    base::Ulid id;
    base::Ulid parent_id;
    const Entry* source = nullptr;  // outlives the call; its content, kind and count are taken over
    std::string name;
    std::string name_key;
    std::string mime;  // of a file; folders: empty
};

// Inserts version 1 of each, with the source's blob, whose row is held (see retain_blob). A file keeps its date. Keeps
// no account: the caller charges the space and touches the folder that the topmost one is in. Throws Error{conflict} if
// a blob is gone. Requires: a lock on both spaces; names are free.
void insert_copies(db::Connection& connection, std::span<const Copy> copies, const base::Ulid& space_id,
                   const base::Ulid& user_id, base::Milliseconds now);

}  // namespace bodega::store
