#include "http/decoded_target.h"

#include <algorithm>

#include "base/encoding.h"

namespace bodega::http {
namespace {

constexpr std::size_t kMaxSegments = 32;
constexpr std::size_t kMaxFields = 64;

bool split_path(std::string_view path, std::vector<std::string>& segments) {
    path.remove_prefix(1);
    for (;;) {
        std::size_t slash = path.find('/');
        auto segment = base::percent_decode(path.substr(0, slash));
        if (!segment || segments.size() == kMaxSegments) return false;
        segments.push_back(std::move(*segment));
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
}

std::optional<std::string> decode_field(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return base::percent_decode(spaced);
}

bool split_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& fields) {
    while (!query.empty()) {
        std::size_t end = query.find('&');
        std::string_view field = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (field.empty()) continue;
        std::size_t equals = field.find('=');
        auto name = decode_field(field.substr(0, equals));
        auto value = decode_field(equals == std::string_view::npos ? "" : field.substr(equals + 1));
        if (!name || !value || fields.size() == kMaxFields) return false;
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return true;
}

}  // namespace

std::optional<DecodedTarget> DecodedTarget::parse(std::string_view text) {
    if (text.empty() || text.front() != '/') return std::nullopt;
    std::size_t mark = text.find('?');
    DecodedTarget target;
    target.path = text.substr(0, mark);
    if (!split_path(target.path, target.segments)) return std::nullopt;
    if (mark != std::string_view::npos && !split_query(text.substr(mark + 1), target.query)) return std::nullopt;
    return target;
}

}  // namespace bodega::http
