// Computes the readings of a request's path: the different ways in which servers interpret it.
//
// In all readings, percent-encoding is decoded and empty segments are removed, since an upstream might do so. So a
// client can't avoid a route by another spelling of its path. Servers differ in three points: some remove parameters
// (";v=1") from a segment, some treat a backslash as a slash, and some do not treat an encoded slash as a slash. Each
// combination is a reading. A request is accepted only if all readings have the same route. A path is rejected if a
// reading has a segment "." or "..", or if the path has a NUL or a malformed percent-encoding.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::edge {

struct RoutePath {
    std::string plain;  // the reading that keeps parameters and backslashes, and treats an encoded slash as a slash
    std::vector<std::string> others;  // all readings that differ from `plain`; empty for most paths
};

// Returns std::nullopt if the path is rejected; answer 400 then. Example: for "/a%20b//c/" the plain reading is "/a
// b/c/".
std::optional<RoutePath> route_path(std::string_view path);

// True if the path is `prefix` ("/old" or "/old/") or continues it with further segments.
bool covers(std::string_view prefix, std::string_view path) noexcept;

// Returns what follows the first `segments` segments of `path`, without decoding it. Example: "/c?x" for "/a//b/c?x"
// and 2.
std::string_view behind_segments(std::string_view path, std::size_t segments) noexcept;
std::size_t count_segments(std::string_view prefix) noexcept;

}  // namespace bodega::edge
