// One answered request, for an access log.
#pragma once

#include <cstdint>
#include <string_view>

#include "edge/observe/request_stats.h"

namespace bodega::edge {

// The views are valid during the call that receives it.
struct AccessLogEntry {
    std::string_view request_id;
    std::string_view address;  // the client's, without its port
    std::string_view method;   // empty, like host and path, if the head could not be read
    std::string_view host;
    std::string_view path;        // as from redacted_path(): without the query and without a share's token
    std::string_view user_agent;  // empty: none
    std::string_view referer;     // as from redacted_url()
    int status = 0;               // 499: the client left before an answer began, as in nginx
    std::int64_t micros = 0;
    const RequestStats* stats = nullptr;  // never null
};

}  // namespace bodega::edge
