// Finding files and folders by a part of their names, wherever the caller may see them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/tree/search.h"

namespace bodega::app {

struct SearchQuery {
    std::string text;
    std::optional<base::Ulid> space_id;  // none: all spaces that the caller is in
    std::optional<std::string> cursor;
    int limit = 100;
};

struct FoundEntry {
    store::Entry entry;
    std::vector<store::PathStep> path;  // from the space's root to the parent
};

// A page looks at a bounded number of names, so it may hold few items, even none, and still have a next one.
struct SearchResult {
    std::vector<FoundEntry> items;
    std::optional<std::string> next_cursor;
};

// Capitals, accents and width do not matter. Throws Error{not_found} for a space that the caller is not in,
// Error{invalid} for a text that is empty or longer than a name, and for a cursor of another search.
SearchResult search(const Services& services, Access& access, const Actor& actor, const SearchQuery& query);

}  // namespace bodega::app
