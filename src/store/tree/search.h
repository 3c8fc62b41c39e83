// Finds entries by a part of their names.
//
// An index can't look up a substring. So the search compares the pattern with the keys of the search index, in order,
// and examines a bounded number of keys for each page. A page may hold fewer items than requested, even no item,
// although more pages follow.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

// Where the search continues. If `within`, it continues after the entry with this key and id. Otherwise it continues
// after all entries with this key.
struct SearchPosition {
    base::Ulid space_id;
    std::string name_key;
    base::Ulid id;
    bool within = false;
};

struct SearchPage {
    std::vector<Entry> items;
    std::vector<std::string> keys;       // keys of the items, so that a page may end after any item
    std::optional<SearchPosition> last;  // where the next page begins; nullopt: the search is complete
};

// Returns live entries of these spaces whose key matches an SQL LIKE pattern (escape '!'), in the given order of
// spaces, then by key. Throws Error{invalid} for a position in a space that is not in `spaces`. Requires: limit > 0.
// Needs no transaction.
SearchPage search_names(db::Connection& connection, std::span<const base::Ulid> spaces, std::string_view pattern,
                        const std::optional<SearchPosition>& after, int limit);

// Returns the spaces of which the user is a member, by id.
std::vector<base::Ulid> searchable_spaces(db::Connection& connection, const base::Ulid& user_id);

// The maximum number of keys that one page examines.
inline constexpr int kSearchBudget = 100'000;

}  // namespace bodega::store
