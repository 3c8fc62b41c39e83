// Writes entries, listings and versions as JSON.
#pragma once

#include <span>
#include <string>

#include "app/tree/browse.h"
#include "app/tree/entry_details.h"
#include "app/tree/search.h"
#include "app/tree/trash.h"
#include "store/tree/entry.h"

namespace bodega::web {

std::string entry_json(const store::Entry& entry);

// Returns an entry as JSON, with its path, the caller's role, and a folder's number of children.
std::string details_json(const app::EntryDetails& details);

std::string listing_json(const app::ListingSlice& slice);
std::string trash_json(const app::TrashListing& listing);
std::string search_json(const app::SearchResult& result);
std::string versions_json(std::span<const store::Version> versions);

}  // namespace bodega::web
