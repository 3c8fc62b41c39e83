#include "http/cookie.h"

#include <algorithm>

#include "http/syntax.h"

namespace bodega::http {
namespace {

std::string_view find_in(std::string_view line, std::string_view name) noexcept {
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(';'), line.size());
        const std::string_view pair = trim(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return pair.substr(name.size() + 1);
    }
    return {};
}

}  // namespace

std::string_view find_cookie(const Fields& request, std::string_view name) noexcept {
    for (const Field& field : request) {
        if (!equal_ignoring_case(field.name, "Cookie")) continue;
        if (const std::string_view found = find_in(field.value, name); !found.empty()) return found;
    }
    return {};
}

}  // namespace bodega::http
