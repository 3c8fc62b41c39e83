#include "edge/http2/http2_fields.h"

#include <charconv>

#include "http/fields.h"

namespace bodega::edge {
namespace {

template <std::size_t N>
std::string_view decimal(std::array<char, N>& out, std::uint64_t value) noexcept {
    auto end = std::to_chars(out.data(), out.data() + N, value).ptr;
    return {out.data(), static_cast<std::size_t>(end - out.data())};
}

std::uint8_t* bytes_of(std::string_view text) noexcept {
    // The const_cast is safe, since nghttp2 does not write to the bytes.
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

}  // namespace

// Does not convert the name to lower case, since nghttp2 does that when it copies the name.
void Http2Fields::add(std::string_view name, std::string_view value, std::uint8_t flags) {
    list_.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(), flags});
}

void Http2Fields::add_lines(std::string_view lines) {
    while (!lines.empty()) {
        std::size_t end = lines.find("\r\n");
        std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        std::size_t colon = line.find(": ");
        std::string_view name = line.substr(0, colon);
        if (!http::is_hop_by_hop(http::classify(name))) add(name, line.substr(colon + 2));
    }
}

void Http2Fields::assign_interim(int status, std::string_view lines) {
    list_.clear();
    add(":status", decimal(status_, static_cast<std::uint64_t>(status)));
    add_lines(lines);
}

void Http2Fields::assign(const Answer& answer, std::string_view date, std::string_view request_id,
                         std::string_view hsts) {
    list_.clear();
    add(":status", decimal(status_, static_cast<std::uint64_t>(answer.status)));
    if (!answer.has_date) add("date", date);
    add_lines(answer.fields);
    add_lines(hsts);
    bool no_length = answer.status < 200 || answer.status == 204 || answer.status == 304;
    if (answer.length && !no_length) add("content-length", decimal(length_, *answer.length));
    // Keeps the value out of the HPACK table. The value is new in each answer, so it would only evict useful entries.
    add("x-request-id", request_id, NGHTTP2_NV_FLAG_NO_INDEX);
}

}  // namespace bodega::edge
