// Answers the web app's files and /livez when NGINX is in front. Otherwise the edge answers them itself.
#pragma once

#include <string_view>

#include "http/message.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::web {

// Whether the path is a page of the web app. The web app's own router tells pages apart; all of them are index.html.
bool is_page(std::string_view path) noexcept;

// False if the path has no page or file. Requires: GET or HEAD.
bool answer_page(const http::RequestHead& request, std::string_view path, httplib::Response& response);

}  // namespace bodega::web
