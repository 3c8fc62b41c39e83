// Computes the readings of a request's path that its route is searched with.
//
// Percent-encoding is decoded and empty segments are dropped (an upstream might do so first), so no spelling of a path
// escapes the route of its plain form. Servers differ in three ways: some cut parameters (";v=1") off a segment, some
// treat a backslash as a slash, and some do not treat an encoded slash as one. Each combination is one reading, and a
// request passes only if all its readings have the same route. A path is rejected if any reading has a segment "." or
// "..", or if it has a NUL or a broken percent-encoding.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::edge {

struct RoutePath {
    std::string plain;                // keeps parameters and backslashes; an encoded slash is a slash
    std::vector<std::string> others;  // the readings that differ from it; empty for most paths
};

// "/a%20b//c/" gives "/a b/c/". nullopt: answer 400.
std::optional<RoutePath> route_path(std::string_view path);

// True if `prefix` ("/old" or "/old/") covers the path by whole segments.
bool covers(std::string_view prefix, std::string_view path) noexcept;

// The part of `path`, in its original spelling, after the first `segments` segments: "/c?x" for "/a//b/c?x" and 2.
std::string_view behind_segments(std::string_view path, std::size_t segments) noexcept;
std::size_t count_segments(std::string_view prefix) noexcept;

}  // namespace bodega::edge
