// Finding entries by a part of their names.
//
// A substring can't be looked up in an index; it is matched against the keys in the order of the search index,
// a bounded number of them a page. A page may so hold fewer items than asked for, even none, and still go on.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

// Where to go on: behind all entries of the key, or, within them, behind the one with the id.
struct SearchPosition {
    base::Ulid space_id;
    std::string name_key;
    base::Ulid id;
    bool within = false;
};

struct SearchPage {
    std::vector<Entry> items;
    std::vector<std::string> keys;       // of the items, by which a page may end behind any of them
    std::optional<SearchPosition> last;  // not at the end yet
};

// Live entries of these spaces whose key matches an SQL LIKE pattern (escape '!'), space by space in the order
// given, each by key. A position's space that is not among `spaces` is Error{invalid}.
// Requires: limit > 0; no transaction is needed.
SearchPage search_names(db::Connection& connection, std::span<const base::Ulid> spaces, std::string_view pattern,
                        const std::optional<SearchPosition>& after, int limit);

// The spaces that a user is in, in the order of their ids.
std::vector<base::Ulid> searchable_spaces(db::Connection& connection, const base::Ulid& user_id);

// How many keys a page looks at, at most.
inline constexpr int kSearchBudget = 100'000;

}  // namespace bodega::store
