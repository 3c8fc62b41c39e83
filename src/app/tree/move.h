// Renames, moves (within a space or to another) and dates entries.
#pragma once

#include <optional>
#include <string>

#include "app/auth/authorizer.h"

namespace bodega::app {

struct Move {
    std::optional<std::string> name;                     // empty: the name stays
    std::optional<Grant> folder;                         // empty: the entry stays in its folder
    std::optional<std::string> if_match;                 // the field's value, see require_match
    std::optional<base::Milliseconds> modified_at = {};  // empty: the date stays
};

// Requires the editor's role in both spaces. Throws Error{forbidden}, Error{name_invalid}, NameTaken, Error{invalid}
// for a date out of range, Error{precondition_failed}, Error{quota_exceeded}, Error{not_found} if the entry was removed
// meanwhile, and Error{conflict} for a space's root folder, for a folder that would move into itself or below itself,
// and for a move deeper than files.max_depth.
store::Entry move_entry(const Services& services, const Grant& grant, const Move& move);
// The same within the caller's transaction. Of the grants it reads only the actor and the entry's id. Requires: a name
// that clean_name returned; a date in range.
store::Entry move_entry(db::Connection& connection, const Services& services, const Grant& grant, const Move& move);

}  // namespace bodega::app
