// Finds files and folders by a part of their names, in the spaces that the caller may see.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/tree/search.h"

namespace bodega::app {

struct SearchQuery {
    std::string text;
    std::optional<base::Ulid> space_id;  // empty for all spaces of the caller
    std::optional<std::string> cursor;
    int limit = 100;
};

struct FoundEntry {
    store::Entry entry;
    std::vector<store::PathStep> path;  // the folders from the space's root to the parent
};

// A page examines a limited number of names. So it may have few or no items and still have a next page.
struct SearchResult {
    std::vector<FoundEntry> items;
    std::optional<std::string> next_cursor;
};

// Ignores case, accents and width. Throws Error{not_found} for a space of which the caller is not a member. Throws
// Error{invalid} for a text that is empty or longer than a name, and for a cursor of another search.
SearchResult search(const Services& services, Authorizer& authorizer, const Actor& actor, const SearchQuery& query);

}  // namespace bodega::app
