// An entry with its path and the caller's role.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/tree/entry.h"

namespace bodega::app {

struct EntryDetails {
    store::Entry entry;
    store::SpaceRole role = store::SpaceRole::viewer;
    std::vector<store::PathStep> path;  // the folders from the space's root to the parent
};

EntryDetails entry_details(db::Connection& connection, store::Entry entry, store::SpaceRole role);

// The strong entity tag of these details, with quotes. It changes when any of the details changes.
std::string entry_tag(const EntryDetails& details);

// The entity tags that a caller expects. The entry's current tag has to be one of them.
struct ExpectedTags {
    bool any = false;               // true if every tag is expected
    std::vector<std::string> tags;  // strong entity tags, with their quotes
};

// Throws Error{precondition_failed} if the tag of `now` is not an expected one.
void require_match(const ExpectedTags& expected, const EntryDetails& now);

}  // namespace bodega::app
