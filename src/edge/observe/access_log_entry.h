// One answered request, for an access log.
#pragma once

#include <cstdint>
#include <string_view>

#include "edge/observe/request_stats.h"

namespace bodega::edge {

// The views are valid only during the call that gets the entry.
struct AccessLogEntry {
    std::string_view request_id;
    std::string_view address;  // the client's address, without the port
    std::string_view method;   // method, host and path are empty if the head could not be read
    std::string_view host;
    std::string_view path;        // without the query and without a share's token, see redacted_path()
    std::string_view user_agent;  // empty if the client did not send it
    std::string_view referer;     // value of Referer after redacted_url()
    int status = 0;               // 499 if the client left before an answer began, as in nginx
    std::int64_t micros = 0;
    const RequestStats* stats = nullptr;  // never null
};

}  // namespace bodega::edge
