// What a route changes about the fields that pass: names that are taken out, lines that are put in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::edge {

class HeaderRules {
public:
    HeaderRules() = default;
    // set: "Name: value"; what is set replaces what came. Requires: they were checked (config/check_routes.h).
    HeaderRules(const std::vector<std::string>& set, const std::vector<std::string>& remove);

    bool passes(std::string_view name) const noexcept;
    const std::string& lines() const noexcept { return lines_; }  // "Name: value\r\n" each
    bool empty() const noexcept { return removed_.empty(); }

private:
    std::vector<std::string> removed_;  // and replaced
    std::string lines_;
};

}  // namespace bodega::edge
