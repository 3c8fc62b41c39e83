#include "support/http2_frames.h"

namespace bodega::test {
namespace {

// RFC 7541 section 5.1, with a prefix of 7 bits.
std::string string_literal(std::string_view text) {
    std::string out;
    std::size_t left = text.size();
    if (left < 127) {
        out += static_cast<char>(left);
    } else {
        out += static_cast<char>(127);
        for (left -= 127; left >= 128; left /= 128) out += static_cast<char>(left % 128 + 128);
        out += static_cast<char>(left);
    }
    return out.append(text);
}

Http2Fields request(std::string_view method, std::string_view path, const Http2Fields& more) {
    Http2Fields out = {
        {":method", std::string(method)}, {":scheme", "http"}, {":authority", "h"}, {":path", std::string(path)}};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

}  // namespace

namespace http2 {

std::string number(std::uint32_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
    return out;
}

std::string frame(int type, int flags, std::uint32_t stream, std::string_view payload) {
    std::string out = number(static_cast<std::uint32_t>(payload.size())).substr(1);
    out += static_cast<char>(type);
    out += static_cast<char>(flags);
    return out.append(number(stream)).append(payload);
}

std::string setting(int id, std::uint32_t value) {
    return std::string(1, '\0') + static_cast<char>(id) + number(value);
}

std::string literals(const Http2Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields)
        out.append(1, '\0').append(string_literal(name)).append(string_literal(value));
    return out;
}

std::string literal_indexed(std::string_view name, std::string_view value) {
    return "\x40" + string_literal(name) + string_literal(value);
}

Http2Fields get(std::string_view path, const Http2Fields& more) { return request("GET", path, more); }
Http2Fields put(std::string_view path, const Http2Fields& more) { return request("PUT", path, more); }

}  // namespace http2

}  // namespace bodega::test
