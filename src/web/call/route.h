// A route: the handler of a method and a path pattern, the callers that it accepts, and its description in OpenAPI.
//
// The file of each noun has a table of its routes (routes.h lists them all). The dispatcher matches the routes and
// checks their guards. GET /api/v1/openapi.json is generated from the same tables.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "store/auth/session.h"

namespace bodega::web {

class Call;

enum class Guard : std::uint8_t {
    anonymous,  // anyone may call; a credential is read only if the handler asks for the actor
    signed_in,  // a credential has to be present; the handler checks it by actor(), reach() or role_in()
    admin,      // the caller is authenticated as an administrator before the handler runs
};

enum class Body : std::uint8_t {
    none,  // a request with a body is refused
    json,  // Call::json() reads the body, which has at most the route's max_json bytes
    // Call::body() reads the body in pieces, or the edge writes the body and sends reports (Call::hand_over()).
    stream,
};

// The route's description in OpenAPI. Schemas are names in openapi_schemas.cpp. An empty schema means no JSON body.
struct Doc {
    std::string_view summary;
    std::string_view request = {};   // for example "NewFolder"
    std::string_view response = {};  // for example "Entry"; lists have "EntryPage" and similar
    int status = 200;                // the status of a successful answer
    std::string_view query = {};     // names of query parameters, separated by spaces: "limit cursor sort order"
    std::string_view headers = {};   // request fields that influence the call, separated by spaces
};

inline constexpr std::int64_t kJsonBytes = 64 << 10;  // the default limit of a call's body, in bytes
// The limit of a body that contains only a name and passwords, in bytes.
inline constexpr std::int64_t kSecretJsonBytes = 4 << 10;

struct Route {
    std::string_view method;   // for example "GET"; a GET route also answers HEAD, unless the path has a HEAD route
    std::string_view pattern;  // for example "/api/v1/entries/{id}/children"; a {name} matches one complete segment
    void (*handler)(Call& call);
    Guard guard = Guard::signed_in;
    Body body = Body::none;
    Doc doc = {};
    std::int64_t max_json = kJsonBytes;  // limit of the body in bytes; app.max_json may be lower
};

// The scope that a token needs for the route.
store::TokenScope scope_of(const Route& route);

using Routes = std::span<const Route>;

}  // namespace bodega::web
