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

// Throws Error{precondition_failed} if If-Match is present, is not "*" and does not contain the entry's current tag
// (RFC 9110, section 13.1.1). std::nullopt: the field is absent.
void require_match(const std::optional<std::string>& if_match, const EntryDetails& now);

}  // namespace bodega::app
