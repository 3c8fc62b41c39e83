// X-Request-Id, by which a proxy names a request in its log. Pure function.
#pragma once

#include <string_view>

namespace bodega::http {

// True if the text may be used as a request's id: it fits into the log, a header field and a database column.
bool is_request_id(std::string_view text) noexcept;

}  // namespace bodega::http
