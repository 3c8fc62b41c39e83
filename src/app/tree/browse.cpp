#include "app/tree/browse.h"

#include "app/tree/page_cursors.h"
#include "app/tree/short_hash.h"
#include "base/error.h"

namespace bodega::app {
namespace {

// The version of a listing's JSON form. It is part of every listing_key(). Increase it when the form changes, so that
// no client uses a listing that it cached in the old form.
constexpr char kForm = 2;

void append_number(std::string& out, std::int64_t value) {
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

}  // namespace

ListingSlice list_folder(const Services& services, const store::Entry& folder, const ListingQuery& query) {
    if (!folder.is_folder()) {
        throw base::Error(base::Code::conflict, "That is a file; only a folder holds others.");
    }
    const auto after =
        query.cursor ? std::optional(read_listing_cursor(*query.cursor, query.sort, query.order)) : std::nullopt;
    auto page = services.catalog.read([&](db::Connection& connection) {
        return store::list_children(connection, folder.id, query.sort, query.order, after, query.limit);
    });
    const bool is_current = page.folder && page.folder->space_id == folder.space_id &&
                            page.folder->state == folder.state && page.folder->is_live();
    ListingSlice slice{std::move(page.items), std::nullopt, folder.child_count, is_current};
    if (page.last) slice.next_cursor = write_cursor(*page.last, query.sort, query.order);
    return slice;
}

std::string listing_key(const store::Entry& folder, const ListingQuery& query) {
    std::string key(folder.id.raw());
    key += folder.space_id.raw();
    append_number(key, folder.state);
    append_number(key, query.limit);
    key.append({kForm, static_cast<char>(query.sort), static_cast<char>(query.order)});
    return query.cursor ? key + *query.cursor : key;
}

std::string listing_tag(const store::Entry& folder, std::string_view key) {
    return '"' + std::to_string(folder.state) + '-' + ShortHash().add(key).hex() + '"';
}

}  // namespace bodega::app
