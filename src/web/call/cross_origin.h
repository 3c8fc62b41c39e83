// Calls from pages of other origins: the CORS protocol of the Fetch standard, for the origins in app.allowed_origins. A
// browser shows an answer to the page only if the answer's fields allow it.
//
// For these calls only a Bearer token counts: cookies are not read, and no answer allows credentials.
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

// Whether the call is an API call from a page whose origin is in `allowed` and is not this site's own.
bool is_allowed_cross_origin(const http::RequestHead& request, const Peer& peer,
                             const std::vector<std::string>& allowed, std::string_view public_url);

// Whether the request is a CORS preflight: a browser asks whether a page may send a method or fields that a form can't.
bool is_preflight(const http::RequestHead& request);

// Answers a preflight. `methods`: the methods of the path, in the format of Allow. Requires: is_allowed_cross_origin.
void answer_preflight(httplib::Response& response, std::string_view methods);

// Allows the page of the request's origin to read the answer. Requires: is_allowed_cross_origin.
void expose_answer(const http::RequestHead& request, httplib::Response& response);

}  // namespace bodega::web
