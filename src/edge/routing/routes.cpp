#include "edge/routing/routes.h"

namespace bodega::edge {
namespace {

enum class Match : std::uint8_t {
    exactly,
    below,    // the prefix and all paths below it
    segment,  // the prefix and one more segment
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
    {"/", Match::exactly, Route::page},
    {"/setup", Match::exactly, Route::page},
    {"/sign-in", Match::exactly, Route::page},
    {"/search", Match::exactly, Route::page},
    {"/profile", Match::exactly, Route::page},
    {"/admin/users", Match::exactly, Route::page},
    {"/admin/spaces", Match::exactly, Route::page},
    {"/admin/audit", Match::exactly, Route::page},
    {"/admin/nodes", Match::exactly, Route::page},
    {"/spaces/", Match::segment, Route::page},
    {"/folders/", Match::segment, Route::page},
    {"/files/", Match::segment, Route::page},
    {"/trash/", Match::segment, Route::page},
};

bool matches(const Row& row, std::string_view path) noexcept {
    if (row.match == Match::exactly) return path == row.path;
    if (!path.starts_with(row.path)) return false;
    std::string_view rest = path.substr(row.path.size());
    return row.match == Match::below || (!rest.empty() && rest.find('/') == std::string_view::npos);
}

}  // namespace

Route route_of(std::string_view path) noexcept {
    for (const Row& row : kTable)
        if (matches(row, path)) return row.route;
    return Route::asset;
}

}  // namespace bodega::edge
