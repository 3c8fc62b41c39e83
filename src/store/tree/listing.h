// A folder's children in pages, by key: a page costs what it shows, whatever the folder holds.
//
// Folders come first in both orders. Files sort by the column asked for; by kind is by MIME type and then by
// name. Folders have neither size nor type, so those sorts leave them by name. Ties are broken by id.
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

// The place of an entry in a listing: the page after it begins there. Which fields count depends on the sort.
struct ListingPosition {
    EntryKind kind = EntryKind::folder;
    base::Ulid id;
    std::string name_key;
    std::string mime;
    std::int64_t number = 0;  // the size or the time

    bool operator==(const ListingPosition&) const = default;
};

struct ListingPage {
    std::optional<Entry> folder;  // its row at the moment at which the items were read; none: it is gone
    std::vector<Entry> items;
    std::optional<ListingPosition> last;  // of the last item, if more come after it
};

// At most `limit` live children of the folder after `after`. Requires: limit > 0.
ListingPage list_children(db::Connection& connection, const base::Ulid& folder_id, Sort sort, Order order,
                          const std::optional<ListingPosition>& after, int limit);

// All statements that list_children may run, for the test that looks at their plans. Static storage.
std::vector<db::Sql> listing_statements();

}  // namespace bodega::store
