// A route's changes to the fields that pass: names to remove, lines to add.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::edge {

class HeaderRules {
public:
    HeaderRules() = default;
    // set: "Name: value"; a set field replaces one that was received. Requires: both were checked
    // (config/check_routes.h).
    HeaderRules(const std::vector<std::string>& set, const std::vector<std::string>& remove);

    bool passes(std::string_view name) const noexcept;
    const std::string& lines() const noexcept { return lines_; }  // "Name: value\r\n" each
    bool empty() const noexcept { return removed_.empty(); }

private:
    std::vector<std::string> removed_;  // removed or replaced
    std::string lines_;
};

}  // namespace bodega::edge
