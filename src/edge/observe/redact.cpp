#include "edge/observe/redact.h"

namespace bodega::edge {

std::string redacted_path(std::string_view target, std::string_view base_path) {
    const std::string shares = std::string(base_path) + "s/";
    target = target.substr(0, target.find_first_of("?#"));
    if (!target.starts_with(shares) || target.size() == shares.size()) return std::string(target);
    std::size_t rest = target.find('/', shares.size());
    std::string out = shares + "-";
    if (rest != std::string_view::npos) out.append(target.substr(rest));
    return out;
}

std::string redacted_url(std::string_view url, std::string_view base_path) {
    std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return redacted_path(url, base_path);
    std::size_t begin = scheme + 3;
    std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
    std::string_view authority = url.substr(begin, end - begin);
    std::size_t at = authority.rfind('@');
    if (at != std::string_view::npos) authority.remove_prefix(at + 1);
    return std::string(url.substr(0, begin)).append(authority).append(redacted_path(url.substr(end), base_path));
}

}  // namespace bodega::edge
