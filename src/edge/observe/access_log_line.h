// The access log's line: one JSON object a request.
#pragma once

#include <string>
#include <string_view>

#include "edge/observe/access_log_entry.h"

namespace bodega::edge {

// Appends the line with its '\n'. Whatever bytes a client sent, it is one line of JSON in UTF-8. What a request has
// not (an upstream, TLS, a Referer …) its line has not either. Thread-safe.
void append_access_line(std::string& out, const Access& access, std::string_view node);

}  // namespace bodega::edge
