#include "config/public_url.h"

#include <algorithm>

#include "config/authority.h"

namespace bodega::config {
namespace {

constexpr std::string_view kScheme = "://";

bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

// Accepts only unreserved characters (RFC 3986, section 2.3), because other characters have several encodings.
bool is_segment(std::string_view text) {
    return !text.empty() && text != "." && text != ".." && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
    });
}

bool is_base_path(std::string_view path) {
    for (path.remove_prefix(1); !path.empty();) {
        const std::size_t slash = path.find('/');
        if (!is_segment(path.substr(0, slash))) return false;
        path.remove_prefix(slash + 1);
    }
    return true;
}

}  // namespace

std::optional<PublicUrl> PublicUrl::parse(std::string_view text) {
    PublicUrl out;
    if (text.empty()) return out;
    const bool https = text.starts_with("https://");
    if (!https && !text.starts_with("http://")) return std::nullopt;
    const std::size_t begin = https ? 8 : 7, end = std::min(text.find('/', begin), text.size());
    std::string_view authority = text.substr(begin, end - begin);
    const std::string_view default_port = https ? ":443" : ":80";
    if (authority.ends_with(default_port)) authority.remove_suffix(default_port.size());
    if (!is_authority(authority)) return std::nullopt;
    out.origin_ = std::string(text.substr(0, begin)) + lower(authority);
    out.base_path_ = text.substr(end);
    if (!out.base_path_.ends_with('/')) out.base_path_ += '/';
    if (!is_base_path(out.base_path_)) return std::nullopt;
    return out;
}

std::string_view PublicUrl::authority() const noexcept {
    const std::size_t scheme = origin_.find(kScheme);
    return scheme == std::string::npos ? std::string_view() : std::string_view(origin_).substr(scheme + kScheme.size());
}

std::string_view PublicUrl::host() const noexcept {
    const std::string_view whole = authority();
    if (whole.starts_with('[')) return whole.substr(0, whole.find(']') + 1);
    return whole.substr(0, whole.find(':'));
}

std::optional<std::string_view> PublicUrl::own_part(std::string_view target) const {
    if (is_at_root()) return target;
    if (!target.starts_with(base_path_)) return std::nullopt;
    return target.substr(base_path_.size() - 1);
}

bool PublicUrl::is_base_without_slash(std::string_view path) const noexcept {
    return !is_at_root() && path == std::string_view(base_path_).substr(0, base_path_.size() - 1);
}

}  // namespace bodega::config
