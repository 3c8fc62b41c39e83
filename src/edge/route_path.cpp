#include "edge/route_path.h"

#include <algorithm>

#include "base/encoding.h"

namespace bodega::edge {
namespace {

// Segments as any server might part them.
bool has_dot_segment(std::string_view path) noexcept {
    while (!path.empty()) {
        std::size_t end = path.find_first_of("/\\");
        std::string_view segment = path.substr(0, end);
        segment = segment.substr(0, segment.find(';'));  // Java's servers cut parameters off
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

// The length of the leading slashes and the segment behind them, an encoded slash parting too.
std::size_t segment_end(std::string_view path) noexcept {
    auto slash_at = [&](std::size_t i) -> std::size_t {
        if (path[i] == '/') return 1;
        if (path[i] != '%' || i + 2 >= path.size() || path[i + 1] != '2') return 0;
        return path[i + 2] == 'F' || path[i + 2] == 'f' ? 3 : 0;
    };
    std::size_t i = 0;
    while (i < path.size() && slash_at(i) > 0) i += slash_at(i);
    while (i < path.size() && slash_at(i) == 0) ++i;
    return i;
}

}  // namespace

std::optional<std::string> route_path(std::string_view path) {
    auto decoded = base::percent_decode(path);
    if (!decoded || decoded->empty() || decoded->front() != '/') return std::nullopt;
    if (decoded->find('\0') != std::string::npos || has_dot_segment(*decoded)) return std::nullopt;
    return merge_slashes(*decoded);
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
