#include "edge/routing/route_path.h"

#include <algorithm>

#include "base/encoding.h"

namespace bodega::edge {
namespace {

// Checks for "." and ".." between slashes and between backslashes, since some servers also split at a backslash.
bool has_dot_segment(std::string_view path) noexcept {
    while (!path.empty()) {
        std::size_t end = path.find_first_of("/\\");
        std::string_view segment = path.substr(0, end);
        segment = segment.substr(0, segment.find(';'));  // Java servers remove parameters from a segment
        if (segment == "." || segment == "..") return true;
        if (end == std::string_view::npos) return false;
        path.remove_prefix(end + 1);
    }
    return false;
}

std::string merge_slashes(std::string_view path) {
    std::string out;
    out.reserve(path.size());
    for (char c : path)
        if (c != '/' || out.empty() || out.back() != '/') out += c;
    return out;
}

// Returns the length of the leading slashes and the first segment. Does not look for encoded slashes: the part of a
// path that its route has matched contains none, since ambiguous paths were rejected.
std::size_t segment_end(std::string_view path) noexcept {
    std::size_t segment = std::min(path.find_first_not_of('/'), path.size());
    return std::min(path.find('/', segment), path.size());
}

// Stands for an encoded slash while readings are computed. Neither paths nor routes contain a NUL.
constexpr char kEncodedSlash = '\0';

std::string mark_encoded_slashes(std::string_view path) {
    std::string out;
    out.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::string_view three = path.substr(i, 3);
        if (three == "%2F" || three == "%2f") out += "%00", i += 2;
        else out += path[i];
    }
    return out;
}

std::string cut_parameters(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        std::size_t end = std::min(path.find('/', 1), path.size());
        out.append(path.substr(0, std::min(path.find(';'), end)));
        path.remove_prefix(end);
    }
    return out;
}

// Returns the readings that differ from `plain`. marked: the decoded path, in which kEncodedSlash replaces each encoded
// slash.
std::vector<std::string> other_readings(const std::string& marked, const std::string& plain) {
    std::vector<std::string> out;
    constexpr unsigned kSlashes = 1, kBackslashes = 2, kParameters = 4, kAll = 8;
    for (unsigned how = 0; how < kAll; ++how) {
        std::string reading = marked;
        if (how & kSlashes) std::replace(reading.begin(), reading.end(), kEncodedSlash, '/');
        if (how & kBackslashes) std::replace(reading.begin(), reading.end(), '\\', '/');
        if (how & kParameters) reading = cut_parameters(reading);
        reading = merge_slashes(reading);
        if (reading != plain && std::find(out.begin(), out.end(), reading) == out.end())
            out.push_back(std::move(reading));
    }
    return out;
}

}  // namespace

std::optional<RoutePath> route_path(std::string_view path) {
    auto decoded = base::percent_decode(path);
    if (!decoded || decoded->empty() || decoded->front() != '/') return std::nullopt;
    if (decoded->find('\0') != std::string::npos || has_dot_segment(*decoded)) return std::nullopt;
    RoutePath out{merge_slashes(*decoded), {}};
    auto marked = base::percent_decode(mark_encoded_slashes(path));
    const bool usual = marked == decoded && decoded->find_first_of("\\;") == std::string::npos;
    if (!usual && marked) out.others = other_readings(*marked, out.plain);
    return out;
}

bool covers(std::string_view prefix, std::string_view path) noexcept {
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

std::size_t count_segments(std::string_view prefix) noexcept {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < prefix.size(); ++i)
        if (prefix[i] == '/' && prefix[i + 1] != '/') ++count;
    return count;
}

std::string_view behind_segments(std::string_view path, std::size_t segments) noexcept {
    std::string_view query = path.substr(std::min(path.find('?'), path.size()));
    std::string_view rest = path.substr(0, path.size() - query.size());
    for (std::size_t i = 0; i < segments; ++i) rest.remove_prefix(segment_end(rest));
    return {rest.data(), rest.size() + query.size()};
}

}  // namespace bodega::edge
