// What the edge answers itself and the app answers when NGINX stands in front: the web app's files and /livez.
#pragma once

#include <string_view>

#include "http/message.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::web {

// The web app's pages, which its own router tells apart: all of them are index.html.
bool is_page(std::string_view path) noexcept;

// False if nothing is there. Requires: GET or HEAD.
bool answer_page(const http::RequestHead& request, std::string_view path, httplib::Response& response);

}  // namespace bodega::web
