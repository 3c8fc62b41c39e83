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
    static constexpr std::size_t kMaxPage = 256 << 10;  // bytes

    ErrorPages() = default;
    // Reads STATUS.html ("404.html"), 4xx.html and 5xx.html from `folder`; an empty name means no pages. Throws
    // base::Error{config_invalid} for a folder that can't be read or has no such page, and for a page that is too
    // long.
    explicit ErrorPages(const std::string& folder);

    // Returns the page of the status, otherwise the page of its class, otherwise nullptr.
    const std::string* find(int status) const noexcept;

private:
    // The keys are statuses, and 4 and 5 for the classes 4xx and 5xx.
    using Pages = std::map<int, std::string>;
    std::shared_ptr<const Pages> pages_;  // owned by all copies of this object; nullptr if there are no pages
};

// Returns the page with each "{request_id}" replaced by the id.
std::string with_request_id(const std::string& page, std::string_view request_id);

}  // namespace bodega::edge
