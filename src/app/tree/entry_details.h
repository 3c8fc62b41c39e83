// An entry with what surrounds it: the folders on the way to it, and what the caller may do.
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
    std::vector<store::PathStep> path;  // from the space's root to the parent
};

EntryDetails entry_details(db::Connection& connection, store::Entry entry, store::SpaceRole role);

// A strong entity tag of these details, with its quotes: it changes whenever one of them does.
std::string entry_tag(const EntryDetails& details);

// Throws Error{precondition_failed} unless the If-Match field's value holds the entry's tag of now, or is "*"
// (RFC 9110, section 13.1.1). nullopt: there is no such field.
void require_match(const std::optional<std::string>& if_match, const EntryDetails& now);

}  // namespace bodega::app
