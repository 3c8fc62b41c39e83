// Encodes and decodes the cursors of listings, the trash, search, jobs, spaces and members.
#pragma once

#include <string>
#include <string_view>

#include "store/tree/listing.h"
#include "store/tree/search.h"
#include "store/tree/spaces.h"
#include "store/tree/trash.h"

namespace bodega::app {

// All read functions throw Error{invalid} for a cursor that is damaged, of another kind, or of another sort or order.
std::string write_cursor(const store::ListingPosition& position, store::Sort sort, store::Order order);
store::ListingPosition read_listing_cursor(std::string_view cursor, store::Sort sort, store::Order order);

std::string write_cursor(const store::TrashPosition& position);
store::TrashPosition read_trash_cursor(std::string_view cursor);

std::string write_cursor(const store::SearchPosition& position);
store::SearchPosition read_search_cursor(std::string_view cursor);

// Cursors for a list of jobs after the job `id`, and for a list of job items after an item's number.
std::string write_job_cursor(const base::Ulid& id);
base::Ulid read_job_cursor(std::string_view cursor);
std::string write_job_item_cursor(std::int64_t number);
std::int64_t read_job_item_cursor(std::string_view cursor);

std::string write_cursor(const store::SpacePosition& position);
store::SpacePosition read_spaces_cursor(std::string_view cursor);

// A cursor for the members of a space after the one with that username_key.
std::string write_members_cursor(std::string_view username_key);
std::string read_members_cursor(std::string_view cursor);

}  // namespace bodega::app
