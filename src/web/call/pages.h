// Answers the web app's files and /livez when NGINX is in front. Behind bodega's edge these requests never arrive,
// since the edge answers them.
#pragma once

#include <string_view>

#include "base/asset.h"
#include "http/message.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::web {

// Answers /livez, whatever the method: HAProxy's checks send OPTIONS.
void answer_live(httplib::Response& response);

// Whether answer_page() has a page or file at the path, for GET and HEAD only.
bool has_page(std::string_view path, const base::Asset* front_page);

// Returns false if there is no page or file at the path. path: without the base path. front_page: the HTML file of all
// pages; may be null. Requires: GET or HEAD.
bool answer_page(const http::RequestHead& request, std::string_view path, const base::Asset* front_page,
                 httplib::Response& response);

}  // namespace bodega::web
