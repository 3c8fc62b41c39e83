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
    std::optional<base::Ulid> space_id;  // empty: all spaces that the caller is in
    std::optional<std::string> cursor;
    int limit = 100;
};

struct FoundEntry {
    store::Entry entry;
    std::vector<store::PathStep> path;  // from the space's root to the parent
};

// A page examines a bounded number of names, so it may have few items or none and still have a next page.
struct SearchResult {
    std::vector<FoundEntry> items;
    std::optional<std::string> next_cursor;
};

// Ignores case, accents and width. Throws Error{not_found} for a space that the caller is not in, Error{invalid} for a
// text that is empty or longer than a name, and for a cursor of another search.
SearchResult search(const Services& services, Authorizer& authorizer, const Actor& actor, const SearchQuery& query);

}  // namespace bodega::app
