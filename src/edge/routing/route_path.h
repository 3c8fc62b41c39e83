// The readings of a request's path by which its route is found.
//
// Percent-encoding is undone and empty segments are dropped (as an upstream might do first), so no spelling of a path
// escapes the route that its plain form has. Servers disagree on three things: some cut parameters (";v=1") off a
// segment, some take a backslash for a slash, and some do not take an encoded slash for one. Each combination is a
// reading, and a request passes only if all of its readings have the same route. A path with segments "." or ".." in
// any reading, a NUL, or a broken percent-encoding is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::edge {

struct RoutePath {
    std::string plain;                // parameters and backslashes kept, an encoded slash taken for a slash
    std::vector<std::string> others;  // the readings that differ from it; empty for most paths
};

// "/a%20b//c/" is "/a b/c/". nullopt: 400.
std::optional<RoutePath> route_path(std::string_view path);

// Whether `prefix` ("/old" or "/old/") covers the path by whole segments.
bool covers(std::string_view prefix, std::string_view path) noexcept;

// What of `path`, as it came, is behind the first `segments` segments: "/c?x" of "/a//b/c?x" and 2. Its spelling stays.
std::string_view behind_segments(std::string_view path, std::size_t segments) noexcept;
std::size_t count_segments(std::string_view prefix) noexcept;

}  // namespace bodega::edge
