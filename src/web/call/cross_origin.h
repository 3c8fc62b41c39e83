// Calls from pages of other origins: the CORS protocol of the Fetch standard, for the origins that app.allowed_origins
// names. A browser shows the answer to such a page only if its fields say so.
//
// A call of such a page counts by its Bearer token only: cookies are not read, and no answer allows credentials.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "web/call/peer.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::web {

// Whether the call is one of the API, of a page whose origin is among `allowed` and is not this site's own.
bool is_allowed_cross_origin(const http::RequestHead& request, const Peer& peer,
                             const std::vector<std::string>& allowed, std::string_view public_url);

// A browser's question whether a page may make a call of another method or with other fields than a form has.
bool is_preflight(const http::RequestHead& request);

// Answers it. `methods`: those that the path takes, as Allow lists them. Requires: is_allowed_cross_origin.
void answer_preflight(httplib::Response& response, std::string_view methods);

// Lets the page of the request's origin read the answer. Requires: is_allowed_cross_origin.
void expose_answer(const http::RequestHead& request, httplib::Response& response);

}  // namespace bodega::web
