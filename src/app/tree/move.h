// Renames entries, moves them within a space or to another space, and changes their dates.
#pragma once

#include <optional>
#include <string>

#include "app/auth/authorizer.h"
#include "app/tree/entry_details.h"

namespace bodega::app {

struct Move {
    std::optional<std::string> name;                     // the new name; empty to keep the name
    std::optional<Grant> folder;                         // the new folder; empty to keep the folder
    std::optional<ExpectedTags> expected;                // see require_match; empty for no condition
    std::optional<base::Milliseconds> modified_at = {};  // the new date; empty to keep the date
};

// Requires the editor's role in both spaces. Throws Error{forbidden}, Error{name_invalid}, NameTaken, Error{invalid}
// for a date out of range, Error{precondition_failed}, Error{quota_exceeded}, Error{not_found} if the entry was removed
// meanwhile. Throws Error{conflict} for a space's root folder, for a folder that would be moved into itself or below
// itself, and for a move deeper than files.max_depth.
store::Entry move_entry(const Services& services, const Grant& grant, const Move& move);
// Moves within the caller's transaction. Reads only the actor and the entry's id from each grant. Throws as the other
// move_entry does. Requires: a name that clean_name returned; a date in range.
store::Entry move_entry(db::Connection& connection, const Services& services, const Grant& grant, const Move& move);

}  // namespace bodega::app
