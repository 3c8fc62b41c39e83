// Formats a line of the access log: one JSON object for each request.
#pragma once

#include <string>
#include <string_view>

#include "edge/observe/access_log_entry.h"

namespace bodega::edge {

// Appends the line with its '\n'. Whatever bytes the client sent, the result is one line of JSON in UTF-8. Omits
// members without a value (an upstream, TLS, a Referer …). Thread-safe.
void append_access_line(std::string& out, const AccessLogEntry& entry, std::string_view node);

}  // namespace bodega::edge
