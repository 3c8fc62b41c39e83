// Finds the end of an HTTP/1.1 head in bytes that arrive piece by piece. Each byte is scanned once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bodega::http {

// Scans one head. Rejects a bare LF at once. RFC 9112 section 2.2 lets it end a line, but then two parsers can
// disagree.
class HeadScanner {
public:
    enum class Result : std::uint8_t { incomplete, complete, malformed };

    // `bytes`: everything received since the head's first byte. Does not scan again what an earlier call scanned.
    Result scan(std::string_view bytes) noexcept;

    // Length of the head, including the blank line. Requires: complete.
    std::size_t length() const noexcept { return line_; }
    bool has_line() const noexcept { return line_ > 0; }  // the start line is complete

private:
    std::size_t line_ = 0;     // offset at which the current line begins
    std::size_t scanned_ = 0;  // the current line has no LF before this offset
};

}  // namespace bodega::http
