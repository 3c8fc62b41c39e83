// Reduces a request's head, after its answer has begun, to the parts that the log and the metrics need.
#pragma once

#include <string>

#include "http/message.h"

namespace bodega::edge {

// Heads of at most this many bytes are kept unchanged.
inline constexpr std::size_t kSmallHead = 1 << 10;

// The memory of the list of fields, in bytes.
std::size_t memory_of(const http::Fields& fields) noexcept;

// Keeps the method, the host, the path, and the fields User-Agent and Referer, each cut to the length that a log uses.
// After the call `head` refers to the returned string and has no other fields.
std::string keep_for_log(http::RequestHead& head);

}  // namespace bodega::edge
