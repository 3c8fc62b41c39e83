// Renaming, moving, within a space and from one to another, and dating.
#pragma once

#include <optional>
#include <string>

#include "app/auth/authorizer.h"

namespace bodega::app {

struct Move {
    std::optional<std::string> name;                     // none: as it is called
    std::optional<Grant> folder;                         // none: where it is
    std::optional<std::string> if_match;                 // the field's value, see require_match
    std::optional<base::Milliseconds> modified_at = {};  // none: its date stays
};

// Needs an editor in both spaces. Throws Error{forbidden}, Error{name_invalid}, NameTaken, Error{invalid} for a date
// out of range, Error{precondition_failed}, Error{quota_exceeded}, Error{not_found} if it is gone meanwhile, and
// Error{conflict} for a space's own folder and for a folder that would go into itself or below, or deeper than
// files.max_depth.
store::Entry move_entry(const Services& services, const Grant& grant, const Move& move);
// The same within a transaction of the caller's, for grants of which only the actor and the entry's id count.
// Requires: a name as clean_name made it; a date in range.
store::Entry move_entry(db::Connection& connection, const Services& services, const Grant& grant, const Move& move);

}  // namespace bodega::app
