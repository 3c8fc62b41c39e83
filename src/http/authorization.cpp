#include "http/authorization.h"

#include <algorithm>

#include "base/encoding.h"
#include "http/syntax.h"

namespace bodega::http {

bool Authorization::has_scheme(std::string_view name) const noexcept { return equal_ignoring_case(scheme, name); }

Authorization parse_authorization(std::string_view field) noexcept {
    const std::size_t end = std::min(field.find(' '), field.size());
    return {field.substr(0, end), trim(field.substr(end))};
}

std::optional<BasicCredentials> parse_basic(std::string_view credentials) {
    const auto decoded = base::unbase64(credentials);
    if (!decoded) return std::nullopt;
    const std::string_view pair(reinterpret_cast<const char*>(decoded->data()), decoded->size());
    const std::size_t colon = pair.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return BasicCredentials{std::string(pair.substr(0, colon)), std::string(pair.substr(colon + 1))};
}

}  // namespace bodega::http
