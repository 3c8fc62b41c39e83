// The operator's pages for errors that the edge answers by itself. Constant after construction; used by all loops.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bodega::edge {

class ErrorPages {
public:
    static constexpr std::size_t kMaxPage = 256 << 10;  // bytes

    ErrorPages() = default;
    // Reads STATUS.html ("404.html"), 4xx.html and 5xx.html of `folder`; an empty name: none. Throws
    // base::Error{config_invalid} for a folder that can't be read or has none of them, and for a page that is too long.
    explicit ErrorPages(const std::string& folder);

    // The status's own page, else its class's; nullptr: neither is there.
    const std::string* find(int status) const noexcept;

private:
    std::map<int, std::string> pages_;  // by status; 4 and 5 are the classes
};

// The page with each "{request_id}" in it replaced.
std::string with_request_id(const std::string& page, std::string_view request_id);

}  // namespace bodega::edge
