// Wall time in milliseconds since the Unix epoch (UTC), and a steady clock for deadlines.
//
// Leases and expiry times that several nodes must agree on use the database's clock instead (db::Connection::now_ms).
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace bodega::base {

using Milliseconds = std::int64_t;
using Steady = std::chrono::steady_clock;

Milliseconds now_ms() noexcept;

// "2026-11-24T03:04:05.678Z" (RFC 3339).
std::string rfc3339(Milliseconds when);

// "Tue, 24 Nov 2026 03:04:05 GMT" (RFC 9110, section 5.6.7); drops the milliseconds.
std::string http_date(Milliseconds when);

}  // namespace bodega::base
