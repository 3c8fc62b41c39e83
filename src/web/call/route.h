// A route: what a method and a path pattern do, who may call it, and how OpenAPI describes it.
//
// Each noun's file exposes its table (routes.h lists them all). The dispatcher matches routes and checks their guards;
// GET /api/v1/openapi.json is generated from the same tables.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "store/auth/session.h"

namespace bodega::web {

class Call;

enum class Guard : std::uint8_t {
    anonymous,  // anyone; a credential is read only if the handler asks for the actor
    signed_in,  // a credential must be present; the handler must call actor(), reach() or role_in() before it answers
    admin,      // the caller is authenticated and an administrator before the handler runs
};

enum class Body : std::uint8_t {
    none,    // a body is refused
    json,    // read by Call::json(), at most the route's max_json bytes
    stream,  // read by Call::body() piece by piece, or written by the edge, which then reports (Call::body_report())
};

// How OpenAPI describes the route. Schemas are names in openapi_schemas.cpp; empty: no JSON body.
struct Doc {
    std::string_view summary;
    std::string_view request = {};   // "NewFolder"
    std::string_view response = {};  // "Entry"; "EntryPage" and similar for lists
    int status = 200;                // of success
    std::string_view query = {};     // names of query parameters, separated by spaces: "limit cursor sort order"
    std::string_view headers = {};   // request fields that change what the call does, separated by spaces
};

inline constexpr std::int64_t kJsonBytes = 64 << 10;       // limit of a call's body, unless its route says otherwise
inline constexpr std::int64_t kSecretJsonBytes = 4 << 10;  // a name and passwords

struct Route {
    std::string_view method;   // "GET"; a GET route answers HEAD too, unless a HEAD route exists
    std::string_view pattern;  // "/api/v1/entries/{id}/children": a {name} is one whole segment
    void (*handler)(Call& call);
    Guard guard = Guard::signed_in;
    Body body = Body::none;
    Doc doc = {};
    std::int64_t max_json = kJsonBytes;  // bytes; never more than app.max_json
};

// The scope that a token needs for the route.
store::TokenScope scope_of(const Route& route);

using Routes = std::span<const Route>;

}  // namespace bodega::web
