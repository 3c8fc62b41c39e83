// Lists a folder's children page by page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/auth/authorizer.h"
#include "store/tree/listing.h"

namespace bodega::app {

struct ListingQuery {
    store::Sort sort = store::Sort::name;
    store::Order order = store::Order::ascending;
    int limit = 100;
    std::optional<std::string> cursor;
};

struct ListingSlice {
    std::vector<store::Entry> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;  // number of items in all pages
    // False if the folder changed while it was read. The page then has no entity tag.
    bool is_current = true;
};

// Throws Error{conflict} if `folder` is a file, Error{invalid} for a cursor that is damaged or belongs to another sort
// or order.
ListingSlice list_folder(const Services& services, const store::Entry& folder, const ListingQuery& query);

// The cache key of a listing. It depends on the folder, the folder's state and the query. Listings with the same key
// have the same content on every node, with one exception: deleting an account does not change a folder's state, so a
// listing may show a deleted account's name until the folder changes.
std::string listing_key(const store::Entry& folder, const ListingQuery& query);

// The strong entity tag, with quotes, of the listing with this key.
std::string listing_tag(const store::Entry& folder, std::string_view key);

}  // namespace bodega::app
