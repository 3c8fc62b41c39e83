#include "web/pages.h"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/asset.h"
#include "web/peer.h"

namespace bodega::web {
namespace {

constexpr std::array<std::string_view, 9> kPages = {
    "/", "/setup", "/sign-in", "/search", "/profile", "/admin/users", "/admin/spaces", "/admin/audit", "/admin/nodes"};
// These take one more segment, an id.
constexpr std::array<std::string_view, 4> kIdPages = {"/spaces/", "/folders/", "/files/", "/trash/"};

// Only our own scripts run; previews come from this origin or from memory.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// "gzip, br;q=0.8": whether the coding is named and not with a weight of nought (RFC 9110, section 12.5.3).
bool accepts(std::string_view header, std::string_view coding) {
    while (!header.empty()) {
        std::size_t end = std::min(header.find(','), header.size());
        std::string item(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        std::erase(item, ' ');
        std::string_view name = std::string_view(item).substr(0, item.find(';'));
        if (name != coding) continue;
        std::size_t weight = item.find(";q=");
        return weight == std::string::npos || item.find_first_of("123456789", weight) != std::string::npos;
    }
    return false;
}

void choose_variant(const httplib::Request& request, const base::Asset& asset, httplib::Response& response) {
    std::string_view coding = field(request, "Accept-Encoding");
    std::string_view bytes = asset.identity;
    if (!asset.brotli.empty() || !asset.gzip.empty()) response.set_header("Vary", "Accept-Encoding");
    if (!asset.brotli.empty() && accepts(coding, "br")) {
        bytes = asset.brotli;
        response.set_header("Content-Encoding", "br");
    } else if (!asset.gzip.empty() && accepts(coding, "gzip")) {
        bytes = asset.gzip;
        response.set_header("Content-Encoding", "gzip");
    }
    response.body.assign(bytes);
}

void answer_asset(const httplib::Request& request, const base::Asset& asset, httplib::Response& response,
                  int status = 200) {
    response.set_header("ETag", std::string(asset.etag));
    // A page is asked for anew on the way back to it too: somebody else may have signed in.
    const bool is_page = asset.content_type.starts_with("text/html");
    response.set_header("Cache-Control", asset.immutable ? "public, max-age=31536000, immutable"
                                         : is_page       ? "no-store"
                                                         : "no-cache");
    response.set_header("Content-Security-Policy", kPolicy);
    response.status = status == 200 && field(request, "If-None-Match") == asset.etag ? 304 : status;
    if (response.status == 304) return;
    response.set_header("Content-Type", std::string(asset.content_type));
    choose_variant(request, asset, response);
}

// A browser that asks for a page gets the web app, which says within its frame that there is none.
bool answer_without_page(const httplib::Request& request, std::string_view path, httplib::Response& response) {
    const bool program = path.starts_with("/api/") || path.starts_with("/assets/");
    if (program || field(request, "Accept").find("text/html") == std::string_view::npos) return false;
    const base::Asset* const frame = base::find_asset("/index.html");
    if (!frame) return false;
    answer_asset(request, *frame, response, 404);
    return true;
}

}  // namespace

bool is_page(std::string_view path) noexcept {
    if (std::find(kPages.begin(), kPages.end(), path) != kPages.end()) return true;
    return std::any_of(kIdPages.begin(), kIdPages.end(), [&](std::string_view prefix) {
        return path.size() > prefix.size() && path.starts_with(prefix) &&
               path.find('/', prefix.size()) == std::string_view::npos;
    });
}

bool answer_page(const httplib::Request& request, std::string_view path, httplib::Response& response) {
    if (path == "/livez") {
        response.status = 200;
        response.body = "ok";
        response.set_header("Content-Type", "text/plain; charset=utf-8");
        return true;
    }
    const base::Asset* asset = base::find_asset(is_page(path) ? "/index.html" : path);
    if (!asset) return answer_without_page(request, path, response);
    answer_asset(request, *asset, response);
    return true;
}

}  // namespace bodega::web
