#include "web/call/pages.h"

#include <httplib.h>

#include <string>

#include "base/asset.h"
#include "base/error.h"
#include "base/page_path.h"
#include "http/asset_response.h"
#include "http/media_type.h"
#include "web/call/peer.h"

namespace bodega::web {
namespace {

void send_asset(const http::RequestHead& request, const base::Asset& asset, httplib::Response& response,
                int status = 200) {
    http::AssetAnswer answer = http::answer_asset(asset, request.fields, status);
    if (answer.status == 412)
        throw base::Error(base::Code::precondition_failed, "The page is not the one that was expected.");
    for (const auto& [name, value] : answer.fields) response.set_header(std::string(name), value);
    response.status = answer.status;
    if (answer.has_body()) response.body.assign(answer.bytes);
}

// Handles a path without a page or file. A browser that asks for a page gets the web app, which shows that the page
// does not exist.
bool answer_without_page(const http::RequestHead& request, std::string_view path, const base::Asset* front_page,
                         httplib::Response& response) {
    const bool program = path.starts_with("/api/") || path.starts_with("/assets/");
    if (program || !http::accepts_by_name(request.fields, "text/html")) return false;
    if (!front_page) return false;
    send_asset(request, *front_page, response, 404);
    return true;
}

// Returns nullptr if there is no page or file at the path.
const base::Asset* find_page(std::string_view path, const base::Asset* front_page) {
    return base::is_page_path(path) || path == "/index.html" ? front_page : base::find_asset(path);
}

}  // namespace

void answer_live(httplib::Response& response) {
    response.status = 200;
    response.body = "ok\n";
    response.set_header("Content-Type", "text/plain; charset=utf-8");
}

bool has_page(std::string_view path, const base::Asset* front_page) { return find_page(path, front_page); }

bool answer_page(const http::RequestHead& request, std::string_view path, const base::Asset* front_page,
                 httplib::Response& response) {
    const base::Asset* asset = find_page(path, front_page);
    if (!asset) return answer_without_page(request, path, front_page, response);
    send_asset(request, *asset, response);
    return true;
}

}  // namespace bodega::web
