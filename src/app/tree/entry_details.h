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

// The tags that a caller takes for an entry's current one.
struct ExpectedTags {
    bool any = false;               // whatever the entry is
    std::vector<std::string> tags;  // strong ones, with their quotes
};

// Throws Error{precondition_failed} unless the entry's current tag is among those expected.
void require_match(const ExpectedTags& expected, const EntryDetails& now);

}  // namespace bodega::app
