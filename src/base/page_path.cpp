#include "base/page_path.h"

#include <algorithm>
#include <array>

namespace bodega::base {
namespace {

constexpr std::array<std::string_view, 9> kPages = {
    "/", "/setup", "/sign-in", "/search", "/profile", "/admin/users", "/admin/spaces", "/admin/audit", "/admin/nodes"};
// Pages whose path ends with an id.
constexpr std::array<std::string_view, 4> kIdPages = {"/spaces/", "/folders/", "/files/", "/trash/"};

}  // namespace

bool is_page_path(std::string_view path) noexcept {
    if (std::find(kPages.begin(), kPages.end(), path) != kPages.end()) return true;
    return std::any_of(kIdPages.begin(), kIdPages.end(), [&](std::string_view prefix) {
        return path.size() > prefix.size() && path.starts_with(prefix) &&
               path.find('/', prefix.size()) == std::string_view::npos;
    });
}

}  // namespace bodega::base
