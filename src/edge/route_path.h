// The one way in which a request's path is read to find its route.
//
// Percent-encoding is undone and empty segments are dropped (what an upstream might do before it looks), so no
// spelling of a path escapes the route that its plain form has. A path with segments "." or ".." in any spelling, a
// NUL, or a broken percent-encoding has no form that every server agrees on: it is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::edge {

// "/a%20b//c/" is "/a b/c/". nullopt: 400. A backslash counts as a slash where segments are looked for.
std::optional<std::string> route_path(std::string_view path);

// Whether `prefix` ("/old" or "/old/") covers the path by whole segments.
bool covers(std::string_view prefix, std::string_view path) noexcept;

// What of `path`, as it came, is behind the first `segments` segments: "/c?x" of "/a//b/c?x" and 2. Its spelling stays.
std::string_view behind_segments(std::string_view path, std::size_t segments) noexcept;
std::size_t count_segments(std::string_view prefix) noexcept;

}  // namespace bodega::edge
