// A folder's children, a page at a time.
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
    std::int64_t total = 0;  // of all pages
    bool is_current = true;  // false: the folder changed while it was read, so that no tag names what is here
};

// Throws Error{conflict} for a file, Error{invalid} for a cursor of another sort or order, or a damaged one.
ListingSlice list_folder(const Services& services, const store::Entry& folder, const ListingQuery& query);

// Names what a listing shows, by the folder, its state and the query: what has the same key has the same content,
// on every node. (The one thing that a state does not tell is the end of an account whose name is shown as the one
// that made a change; a listing may go on to name it until the folder changes.)
std::string listing_key(const store::Entry& folder, const ListingQuery& query);

// A strong entity tag for what has this key, with its quotes.
std::string listing_tag(const store::Entry& folder, std::string_view key);

}  // namespace bodega::app
