#include "http/chunked.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/syntax.h"

namespace bodega::http {
namespace {

constexpr int kMaxDigits = 15;  // hexadecimal digits; keeps a chunk's size below 2^60, so that no sum overflows

bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view bytes) noexcept {
    std::size_t i = 0;
    for (;;) {
        if (at_ == At::data && left_ == 0) at_ = At::data_cr;
        if (at_ == At::end) return {State::end, i};
        if (at_ == At::malformed) return {State::malformed, i};
        if (i == bytes.size()) return {State::more, i};
        if (at_ == At::data) {
            auto data = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - i));
            return {State::data, i, data};
        }
        at_ = advance(bytes[i++]);
    }
}

ChunkedDecoder::At ChunkedDecoder::advance(char c) noexcept {
    switch (at_) {
        case At::size_first:
        case At::size: return read_size(c);
        case At::size_lf: return c == '\n' ? after_size_line() : At::malformed;
        case At::data_cr: return c == '\r' ? At::data_lf : At::malformed;
        case At::data_lf: digits_ = 0; return c == '\n' ? At::size_first : At::malformed;
        case At::trailer_first:
        case At::trailer_name:
        case At::trailer_value:
        case At::trailer_lf:
        case At::end_lf: return read_trailer(c);
        default: return read_extension(c);
    }
}

ChunkedDecoder::At ChunkedDecoder::read_size(char c) noexcept {
    if (int value = hex_value(c); value >= 0) {
        if (++digits_ > kMaxDigits) return At::malformed;
        left_ = left_ << 4 | static_cast<std::uint64_t>(value);
        return At::size;
    }
    if (at_ == At::size_first) return At::malformed;
    if (c == '\r') return At::size_lf;
    if (c == ';') return At::name_first;
    return is_space(c) ? At::gap : At::malformed;
}

// Grammar (RFC 9112 section 7.1.1): chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
ChunkedDecoder::At ChunkedDecoder::read_extension(char c) noexcept {
    if (++extensions_ > kMaxExtensions) return At::malformed;
    bool token = is(c, kToken);
    bool space = is_space(c);
    switch (at_) {
        case At::gap: return space ? At::gap : c == ';' ? At::name_first : At::malformed;
        case At::name_first: return space ? At::name_first : token ? At::name : At::malformed;
        case At::name:
            if (token) return At::name;
            if (c == '\r') return At::size_lf;
            [[fallthrough]];
        case At::name_gap:
            if (space) return At::name_gap;
            return c == '=' ? At::value_first : c == ';' ? At::name_first : At::malformed;
        case At::value_first:
            if (space) return At::value_first;
            return token ? At::value : c == '"' ? At::quoted : At::malformed;
        case At::value:
            if (token) return At::value;
            [[fallthrough]];
        case At::value_end:
            if (c == '\r') return At::size_lf;
            return space ? At::gap : c == ';' ? At::name_first : At::malformed;
        case At::quoted:
            if (c == '"') return At::value_end;
            if (c == '\\') return At::quoted_escape;
            return is(c, kFieldValue) ? At::quoted : At::malformed;
        case At::quoted_escape: return is(c, kFieldValue) ? At::quoted : At::malformed;
        default: return At::malformed;
    }
}

ChunkedDecoder::At ChunkedDecoder::read_trailer(char c) noexcept {
    if (++trailers_ > kMaxTrailers) return At::malformed;
    switch (at_) {
        case At::trailer_first:
            if (c == '\r') return At::end_lf;
            return is(c, kToken) ? At::trailer_name : At::malformed;
        case At::trailer_name:
            if (c == ':') return At::trailer_value;
            return is(c, kToken) ? At::trailer_name : At::malformed;
        case At::trailer_value:
            if (c == '\r') return At::trailer_lf;
            return is(c, kFieldValue) ? At::trailer_value : At::malformed;
        case At::trailer_lf: return c == '\n' ? At::trailer_first : At::malformed;
        case At::end_lf: return c == '\n' ? At::end : At::malformed;
        default: return At::malformed;
    }
}

void append_chunk_size(std::string& out, std::size_t size) {
    std::array<char, 16> digits{};
    char* end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    out.append(digits.data(), end).append("\r\n");
}

}  // namespace bodega::http
