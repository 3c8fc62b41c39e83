// Lists a folder: /api/v1/entries/{id}/children, the most frequent call. For an unchanged folder, the call costs one
// query, and the body comes from a cache.
#include <array>

#include "app/tree/browse.h"
#include "base/error.h"
#include "web/api/entry_json.h"
#include "web/api/routes.h"
#include "web/api/shown_entry.h"
#include "web/call/call.h"

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
    throw base::Error(base::Code::invalid, "The query parameter \"sort\" must be name, size, modified_at or kind.");
}

store::Order order_of(const Call& call) {
    const auto asked = call.query("order");
    if (!asked || *asked == "asc") return store::Order::ascending;
    if (*asked == "desc") return store::Order::descending;
    throw base::Error(base::Code::invalid, "The query parameter \"order\" must be asc or desc.");
}

// A folder that changes while it is listed is listed again; this is the number of attempts in all. The last attempt is
// answered even if the folder changed meanwhile, but without an entity tag.
constexpr int kAttempts = 3;

// Answers with a page of the listing. If the folder changed meanwhile and `in_any_case` is false, returns false without
// an answer.
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
    for (int look = 1; look <= kAttempts; ++look)
        if (const auto folder = shown_entry(call).entry;
            answer(call, folder, query, look == kAttempts || !folder.is_live()))
            return;
}

constexpr std::array kRoutes = {
    Route{"GET",
          "/api/v1/entries/{id}/children",
          list_children,
          Guard::signed_in,
          Body::none,
          {.summary = "The children of a folder, folders first",
           .response = "Listing",
           .query = "limit cursor sort order trashed"}},
};

}  // namespace

Routes children_routes() { return kRoutes; }

}  // namespace bodega::web
