// Request ids: ULIDs made in bulk, since a getrandom(2) for each request would show.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::edge {

// Whether it is fit for a log, for a header and for a column: up to 64 characters of printable ASCII without blanks,
// quotes and backslashes. As the app has it.
bool is_request_id(std::string_view text) noexcept;

// Single-threaded: one a loop.
class RequestIds {
public:
    // Writes the 26 characters of a fresh ULID into `out`.
    void next(std::string& out);

private:
    static constexpr std::size_t kRandom = 10;  // bytes of a ULID that are random

    std::array<std::uint8_t, kRandom * 256> pool_{};
    std::size_t used_ = kRandom * 256;
};

}  // namespace bodega::edge
