// What stays of a request's head once its answer has begun: what the log and the metrics ask for.
#pragma once

#include <string>

#include "http/message.h"

namespace bodega::edge {

// Heads of no more bytes are kept as they are.
inline constexpr std::size_t kSmallHead = 1 << 10;

// Bytes of the memory that the fields' list takes.
std::size_t memory_of(const http::Fields& fields) noexcept;

// The method, the host, the path, and the fields User-Agent and Referer, each cut to what a log has use for: `head`
// points into the string that is returned and has no other field any more.
std::string keep_for_log(http::RequestHead& head);

}  // namespace bodega::edge
