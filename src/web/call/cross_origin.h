// Calls from pages of other origins: the CORS protocol of the Fetch standard, for the origins in app.allowed_origins. A
// browser lets the page read an answer only if the answer's fields allow it.
//
// These calls need a Bearer token. Their cookies are not read, and no answer allows credentials.
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

// True for an API call from a page whose origin is in `allowed` and is not this site's origin.
bool is_allowed_cross_origin(const http::RequestHead& request, const Peer& peer,
                             const std::vector<std::string>& allowed, const config::PublicUrl& site);

// True for a CORS preflight, with which a browser asks whether a page may send a method or fields that a form can't
// send.
bool is_preflight(const http::RequestHead& request);

// Answers a preflight. methods: the methods of the path, in the format of Allow. Requires: is_allowed_cross_origin.
void answer_preflight(httplib::Response& response, std::string_view methods);

// Allows the page of the request's origin to read the answer. Requires: is_allowed_cross_origin.
void expose_answer(const http::RequestHead& request, httplib::Response& response);

}  // namespace bodega::web
