// What of a request's target may be in a log.
#pragma once

#include <string>
#include <string_view>

namespace bodega::edge {

// Without the query, and with a share's token (/s/TOKEN/…), which opens it, as "-".
std::string loggable_path(std::string_view target);

// The same of a whole URL, without user and password and without its fragment.
std::string loggable_url(std::string_view url);

}  // namespace bodega::edge
