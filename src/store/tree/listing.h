// A folder's children in keyset pages. The cost of a page depends on its items, not on the number of children.
//
// Folders come first in both orders. Files sort by the requested column; `kind` sorts by MIME type and then by name.
// Folders have neither size nor type, so under those sorts they sort by name. Ties are broken by id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

enum class Sort : std::uint8_t { name, size, modified_at, kind };
enum class Order : std::uint8_t { ascending, descending };

// An entry's position in a listing; the next page begins after it. The sort decides which fields are used.
struct ListingPosition {
    EntryKind kind = EntryKind::folder;
    base::Ulid id;
    std::string name_key;
    std::string mime;
    std::int64_t number = 0;  // size or modification date, as the sort needs

    bool operator==(const ListingPosition&) const = default;
};

struct ListingPage {
    // The folder's row, read in the same statement as the items; nullopt: the folder is gone.
    std::optional<Entry> folder;
    std::vector<Entry> items;
    std::optional<ListingPosition> last;  // the last item's position if more items follow
};

// Returns at most `limit` live children of the folder after `after`. Requires: limit > 0.
ListingPage list_children(db::Connection& connection, const base::Ulid& folder_id, Sort sort, Order order,
                          const std::optional<ListingPosition>& after, int limit);

// All statements that list_children may run, for the test that checks their query plans. Static storage.
std::vector<db::Sql> listing_statements();

}  // namespace bodega::store
