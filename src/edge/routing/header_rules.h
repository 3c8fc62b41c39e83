// A route's changes to the fields of requests or answers: names to remove and lines to add.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::edge {

class HeaderRules {
public:
    HeaderRules() = default;
    // set: the lines to add, each "Name: value". Such a line replaces all received fields of its name. Requires: both
    // lists were checked (config/check_routes.h).
    HeaderRules(const std::vector<std::string>& set, const std::vector<std::string>& remove);

    bool passes(std::string_view name) const noexcept;
    const std::string& lines() const noexcept { return lines_; }  // the lines to add, each "Name: value\r\n"
    bool empty() const noexcept { return removed_.empty(); }

private:
    std::vector<std::string> removed_;  // names of the fields that are removed or replaced
    std::string lines_;
};

}  // namespace bodega::edge
