// /api/v1/entries/{id}/children: the call that is made most. Unchanged, it costs one query to the catalog, whether
// it ends in 304 or in a body, which is kept as it was sent last.
#include <array>

#include "app/tree/browse.h"
#include "base/error.h"
#include "web/call/call.h"
#include "web/api/entry_json.h"
#include "web/api/routes.h"
#include "web/api/shown_entry.h"

namespace bodega::web {
namespace {

constexpr std::array<std::pair<std::string_view, store::Sort>, 4> kSorts{{
    {"name", store::Sort::name},
    {"size", store::Sort::size},
    {"modified_at", store::Sort::modified_at},
    {"kind", store::Sort::kind},
}};

store::Sort sort_of(const Call& call) {
    const auto asked = call.query("sort");
    if (!asked) return store::Sort::name;
    for (const auto& [name, sort] : kSorts) {
        if (name == *asked) return sort;
    }
    throw base::Error(base::Code::invalid, "sort is one of name, size, modified_at and kind.");
}

store::Order order_of(const Call& call) {
    const auto asked = call.query("order");
    if (!asked || *asked == "asc") return store::Order::ascending;
    if (*asked == "desc") return store::Order::descending;
    throw base::Error(base::Code::invalid, "order is asc or desc.");
}

// A folder that others write to all the time may change at every look; the last one is sent without a tag.
constexpr int kLooks = 3;

// False: the folder changed meanwhile, and nothing was answered.
bool answer(Call& call, const store::Entry& folder, const app::ListingQuery& query, bool in_any_case) {
    std::string key = app::listing_key(folder, query);
    const std::string tag = app::listing_tag(folder, key);
    const auto set_tag = [&] {
        call.set_header("ETag", tag);
        call.set_header("Cache-Control", "private, no-cache");
    };
    if (call.client_has(tag)) {
        set_tag();
        call.respond(304);
        return true;
    }
    app::ListingCache& cache = call.context().listings;
    if (auto text = cache.find(key)) {
        set_tag();
        call.respond_shared(200, "application/json", std::move(text));
        return true;
    }
    const auto slice = app::list_folder(call.services(), folder, query);
    if (!slice.is_current && !in_any_case) return false;
    auto text = std::make_shared<const std::string>(listing_json(slice));
    if (slice.is_current) {
        set_tag();
        cache.put(std::move(key), text);
    }
    call.respond_shared(200, "application/json", std::move(text));
    return true;
}

void list_children(Call& call) {
    const app::ListingQuery query{sort_of(call), order_of(call), call.limit(), call.cursor()};
    for (int look = 1; look <= kLooks; ++look)
        if (const auto folder = shown_entry(call).entry;
            answer(call, folder, query, look == kLooks || !folder.is_live()))
            return;
}

constexpr std::array kRoutes = {
    Route{"GET",
          "/api/v1/entries/{id}/children",
          list_children,
          Guard::signed_in,
          Body::none,
          {.summary = "What a folder holds, folders first",
           .response = "Listing",
           .query = "limit cursor sort order trashed"}},
};

}  // namespace

Routes children_routes() { return kRoutes; }

}  // namespace bodega::web
