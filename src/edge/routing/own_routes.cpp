#include "edge/routing/own_routes.h"

#include "base/page_path.h"

namespace bodega::edge {
namespace {

enum class Match : std::uint8_t {
    exactly,
    below,  // the prefix and all paths below it
};

struct Row {
    std::string_view path;
    Match match;
    Route route;
};

constexpr Row kTable[] = {
    {"/livez", Match::exactly, Route::live},
    {"/readyz", Match::exactly, Route::app},
    {"/api/", Match::below, Route::app},
    {"/s/", Match::below, Route::app},
    {"/.well-known/acme-challenge/", Match::below, Route::app},
    {"/site", Match::exactly, Route::site},
    {"/site/", Match::below, Route::site},
};

bool matches(const Row& row, std::string_view path) noexcept {
    return row.match == Match::exactly ? path == row.path : path.starts_with(row.path);
}

}  // namespace

Route route_of(std::string_view path) noexcept {
    for (const Row& row : kTable)
        if (matches(row, path)) return row.route;
    return base::is_page_path(path) ? Route::page : Route::asset;
}

}  // namespace bodega::edge
