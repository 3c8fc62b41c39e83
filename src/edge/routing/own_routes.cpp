#include "edge/routing/own_routes.h"

#include "base/page_path.h"

namespace bodega::edge {
namespace {

enum class Match : std::uint8_t {
    exactly,
    below,  // the route's path and all paths below it
};

struct Row {
    std::string_view path;
    Match match;
    OwnRoute route;
};

constexpr Row kTable[] = {
    {"/livez", Match::exactly, OwnRoute::live},
    {"/readyz", Match::exactly, OwnRoute::app},
    {"/api/", Match::below, OwnRoute::app},
    {"/s/", Match::below, OwnRoute::app},
    {"/.well-known/acme-challenge/", Match::below, OwnRoute::app},
    {"/site", Match::exactly, OwnRoute::site},
    {"/site/", Match::below, OwnRoute::site},
};

bool matches(const Row& row, std::string_view path) noexcept {
    return row.match == Match::exactly ? path == row.path : path.starts_with(row.path);
}

}  // namespace

OwnRoute own_route_of(std::string_view path) noexcept {
    for (const Row& row : kTable)
        if (matches(row, path)) return row.route;
    return base::is_page_path(path) ? OwnRoute::page : OwnRoute::asset;
}

}  // namespace bodega::edge
