#include "web/call/cross_origin.h"

#include <httplib.h>

#include <algorithm>

namespace bodega::web {
namespace {

constexpr std::string_view kApi = "/api/";

// Request fields that a page may send, in addition to those that need no permission.
constexpr const char* kRequestFields =
    "Authorization, Content-Type, Content-Digest, Repr-Digest, Idempotency-Key, If-Match, If-None-Match, "
    "If-Modified-Since, "
    "If-Unmodified-Since, If-Range, Range, Tus-Resumable, Upload-Length, Upload-Defer-Length, Upload-Offset, "
    "Upload-Metadata, Upload-Checksum, Upload-Concat, X-HTTP-Method-Override, X-OC-Mtime, X-Requested-With, "
    "X-Request-Id, Bodega-User";

// Answer fields that a page may read, in addition to those that need no permission.
constexpr const char* kAnswerFields =
    "Location, ETag, Accept-Ranges, Content-Range, Content-Disposition, Retry-After, Allow, WWW-Authenticate, "
    "X-Request-Id, Bodega-Entry-Id, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, "
    "Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Expires";

// The seconds for which a browser caches the preflight. An origin that is removed from the configuration stays
// allowed for this time.
constexpr const char* kPreflightMaxAge = "600";

}  // namespace

bool is_allowed_cross_origin(const http::RequestHead& request, const Peer& peer,
                             const std::vector<std::string>& allowed, const config::PublicUrl& site) {
    if (allowed.empty() || http::count_fields(request.fields, "Origin") != 1) return false;
    const auto target = site.own_part(request.target);
    if (!target || !target->starts_with(kApi)) return false;
    const std::string_view origin = field(request, "Origin");
    const bool named = std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
    return named && !peer.is_own_origin(origin, site);
}

bool is_preflight(const http::RequestHead& request) {
    return request.method_name == "OPTIONS" &&
           http::first_field(request.fields, "Access-Control-Request-Method").has_value();
}

void answer_preflight(httplib::Response& response, std::string_view methods) {
    response.status = 204;
    response.set_header("Access-Control-Allow-Methods", std::string(methods));
    response.set_header("Access-Control-Allow-Headers", kRequestFields);
    response.set_header("Access-Control-Max-Age", kPreflightMaxAge);
}

void expose_answer(const http::RequestHead& request, httplib::Response& response) {
    response.set_header("Access-Control-Allow-Origin", std::string(field(request, "Origin")));
    response.set_header("Access-Control-Expose-Headers", kAnswerFields);
}

}  // namespace bodega::web
