// The paths of the web app's pages. Edge and app answer all of them with index.html, whose JavaScript shows the page
// that the path names. Pure function.
#pragma once

#include <string_view>

namespace bodega::base {

// `path` is a request target without its query, as received.
bool is_page_path(std::string_view path) noexcept;

}  // namespace bodega::base
