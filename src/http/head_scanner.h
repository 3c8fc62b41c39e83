// Finds the end of an HTTP/1.1 head in bytes that arrive piece by piece, looking at each byte once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bodega::http {

// One head. Bare LF never ends a line here (RFC 9112 section 2.2 allows it; it is how two parsers come to
// disagree), so it is malformed as soon as it is seen.
class HeadScanner {
public:
    enum class Result : std::uint8_t { incomplete, complete, malformed };

    // `bytes` is all that arrived since the head's first byte; what an earlier call saw is not looked at again.
    Result scan(std::string_view bytes) noexcept;

    // Requires: complete. Through the blank line's LF.
    std::size_t length() const noexcept { return line_; }
    bool has_line() const noexcept { return line_ > 0; }  // the start line is whole

private:
    std::size_t line_ = 0;     // where the current line begins
    std::size_t scanned_ = 0;  // no LF before this in the current line
};

}  // namespace bodega::http
