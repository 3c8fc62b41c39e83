// Frees most of a request's head once its answer has begun. Keeps the parts that the log and the metrics need.
#pragma once

#include <string>

#include "http/message.h"

namespace bodega::edge {

// Heads of at most this many bytes are kept unchanged.
inline constexpr std::size_t kSmallHead = 1 << 10;

// Returns how many bytes of memory the list of fields uses.
std::size_t memory_of(const http::Fields& fields) noexcept;

// Removes everything from `head` except the method, the host, the path, User-Agent and Referer, each cut to the length
// that a log uses. Returns the string to which the views in `head` then refer.
std::string keep_for_log(http::RequestHead& head);

}  // namespace bodega::edge
