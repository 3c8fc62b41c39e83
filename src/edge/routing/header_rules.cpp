#include "edge/routing/header_rules.h"

#include <algorithm>

#include "config/route_parts.h"
#include "http/syntax.h"

namespace bodega::edge {

HeaderRules::HeaderRules(const std::vector<std::string>& set, const std::vector<std::string>& remove)
    : removed_(remove) {
    for (const std::string& text : set) {
        auto line = config::parse_header_line(text);
        if (!line) continue;
        removed_.push_back(line->name);
        lines_.append(line->name).append(": ").append(line->value).append("\r\n");
    }
}

bool HeaderRules::passes(std::string_view name) const noexcept {
    return std::none_of(removed_.begin(), removed_.end(),
                        [&](const std::string& one) { return http::equal_ignoring_case(one, name); });
}

}  // namespace bodega::edge
