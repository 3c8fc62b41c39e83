// The operator's pages for errors that the edge answers itself. A value type. Copies share the pages, which never
// change.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace bodega::edge {

class ErrorPages {
public:
    static constexpr std::size_t kMaxPage = 256 << 10;  // the most bytes of a page

    ErrorPages() = default;
    // Reads STATUS.html ("404.html"), 4xx.html and 5xx.html from `folder`; an empty name means no pages. Throws
    // base::Error{config_invalid} for a folder that can't be read or has no such page, and for a page that is too
    // long.
    explicit ErrorPages(const std::string& folder);

    // Returns the page of the status, for example 404.html. Without one, returns 4xx.html or 5xx.html. Returns nullptr
    // if there is no page at all.
    const std::string* find(int status) const noexcept;

private:
    // The key is a status, or 4 for the page of all 4xx statuses, or 5 for the page of all 5xx statuses.
    using Pages = std::map<int, std::string>;
    std::shared_ptr<const Pages> pages_;  // shared with all copies of the ErrorPages; nullptr: no pages
};

// Returns the page with each "{request_id}" replaced by the id.
std::string with_request_id(const std::string& page, std::string_view request_id);

}  // namespace bodega::edge
