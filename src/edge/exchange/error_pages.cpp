#include "edge/exchange/error_pages.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

constexpr std::string_view kKey = "edge.error_pages: ";

base::Error bad(const std::string& what) { return {base::Code::config_invalid, std::string(kKey) + what}; }

// Returns 404 for "404.html", 5 for "5xx.html", and std::nullopt if `name` is not the name of an error page.
std::optional<int> status_of(std::string_view name) {
    if (!name.ends_with(".html") || name.size() != 8 || (name[0] != '4' && name[0] != '5')) return std::nullopt;
    if (name.substr(1, 2) == "xx") return name[0] - '0';
    auto status = http::decimal(name.substr(0, 3));
    return status ? std::optional(static_cast<int>(*status)) : std::nullopt;
}

std::string read_page(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!(text << file.rdbuf())) throw bad(path.string() + " can't be read, or is empty.");
    if (text.view().size() > ErrorPages::kMaxPage) throw bad(path.string() + " is longer than 256 KiB.");
    return std::move(text).str();
}

}  // namespace

ErrorPages::ErrorPages(const std::string& folder) {
    if (folder.empty()) return;
    Pages pages;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        auto status = status_of(entry.path().filename().string());
        if (status) pages[*status] = read_page(entry.path());
    }
    if (error) throw bad(folder + " can't be read: " + error.message());
    if (pages.empty()) throw bad(folder + " has no page. Name them after a status, such as 404.html or 5xx.html.");
    pages_ = std::make_shared<const Pages>(std::move(pages));
}

const std::string* ErrorPages::find(int status) const noexcept {
    if (!pages_) return nullptr;
    auto at = pages_->find(status);
    if (at == pages_->end()) at = pages_->find(status / 100);
    return at == pages_->end() ? nullptr : &at->second;
}

std::string with_request_id(const std::string& page, std::string_view request_id) {
    constexpr std::string_view kPlaceholder = "{request_id}";
    std::string out = page;
    for (std::size_t at = out.find(kPlaceholder); at != std::string::npos;
         at = out.find(kPlaceholder, at + request_id.size()))
        out.replace(at, kPlaceholder.size(), request_id);
    return out;
}

}  // namespace bodega::edge
