// One answered request, for an access log.
#pragma once

#include <cstdint>
#include <string_view>

#include "edge/observe/request_stats.h"

namespace bodega::edge {

// The views live as long as the call that gets it.
struct Access {
    std::string_view request_id;
    std::string_view address;  // the client's, without its port
    std::string_view method;   // empty, as host and path, if the head could not be read
    std::string_view host;
    std::string_view path;        // as in loggable_path(): without the query, without a share's token
    std::string_view user_agent;  // empty: none
    std::string_view referer;     // as in loggable_url()
    int status = 0;               // 499: the client left before an answer was begun, as nginx has it
    std::int64_t micros = 0;
    const Trail* trail = nullptr;  // never null
};

}  // namespace bodega::edge
