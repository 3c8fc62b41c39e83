#include "edge/proxy/compression.h"

#include <algorithm>
#include <array>

#include "http/accept_encoding.h"
#include "http/media_type.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

constexpr std::array<std::string_view, 4> kTypes = {"application/javascript", "application/json", "application/xml",
                                                    "application/yaml"};

bool is_text(std::string_view content_type) noexcept {
    std::string_view type = http::essence_of(content_type);
    auto begins = [&](std::string_view with) {
        return type.size() >= with.size() && http::equal_ignoring_case(type.substr(0, with.size()), with);
    };
    auto ends = [&](std::string_view with) {
        return type.size() >= with.size() && http::equal_ignoring_case(type.substr(type.size() - with.size()), with);
    };
    if (begins("text/")) return !http::equal_ignoring_case(type, "text/event-stream");
    if (ends("+json") || ends("+xml")) return true;
    return std::any_of(kTypes.begin(), kTypes.end(),
                       [&](std::string_view known) { return http::equal_ignoring_case(type, known); });
}

bool named(const http::Field& field, std::string_view name) noexcept {
    return field.id == http::Name::other && http::equal_ignoring_case(field.name, name);
}

bool lists(std::string_view list, std::string_view wanted) noexcept {
    while (auto element = http::next_element(list))
        if (http::equal_ignoring_case(*element, wanted)) return true;
    return false;
}

// True if this field of the answer forbids compression.
bool forbids(const http::Field& field) noexcept {
    switch (field.id) {
        case http::Name::content_encoding:
        case http::Name::content_range: return true;
        case http::Name::x_accel_buffering: return http::equal_ignoring_case(field.value, "no");
        case http::Name::other: break;
        default: return false;
    }
    if (named(field, "Cache-Control")) return lists(field.value, "no-transform");
    return named(field, "Set-Cookie") || named(field, "Digest") || named(field, "Content-Digest") ||
           named(field, "Repr-Digest") || named(field, "Content-MD5");
}

bool is_long(const http::ResponseHead& answer, std::uint64_t above) noexcept {
    if (answer.body.kind == http::Framing::Kind::length) return answer.body.length > above;
    if (answer.body.kind != http::Framing::Kind::none) return true;
    // An answer to HEAD has no body, but its Content-Length may state the length that the answer to GET would have.
    auto length = http::only_field(answer.fields, http::Name::content_length);
    auto bytes = length ? http::decimal(*length) : std::nullopt;
    return !bytes || *bytes > above;
}

bool is_compressible(const http::RequestHead& request, const http::ResponseHead& answer, std::uint64_t above) noexcept {
    if (answer.status != 200 || (request.method != http::Method::get && request.method != http::Method::head))
        return false;
    if (!is_long(answer, above)) return false;
    auto type = http::only_field(answer.fields, http::Name::content_type);
    if (!type || !is_text(*type)) return false;
    return std::none_of(answer.fields.begin(), answer.fields.end(), forbids);
}

bool is_wanted(const http::RequestHead& request) {
    // Not for HTTP/1.0, which has no chunks: a body of unknown length could only end by closing the connection.
    if (request.minor == 0) return false;
    for (const http::Field& field : request.fields) {
        if (named(field, "Cache-Control") && lists(field.value, "no-transform")) return false;
        if (named(field, "Sec-Fetch-Site") && http::equal_ignoring_case(field.value, "cross-site")) return false;
    }
    return http::choose_coding(http::coding_weights(request.fields), true, false) == http::Coding::gzip;
}

void vary(http::ResponseHead& answer) {
    for (const http::Field& field : answer.fields)
        if (named(field, "Vary") && (lists(field.value, "Accept-Encoding") || lists(field.value, "*"))) return;
    answer.fields.push_back({"Vary", "Accept-Encoding", http::Name::other});
}

}  // namespace

Compression compression_of(const http::RequestHead& request, const http::ResponseHead& answer, std::uint64_t above) {
    if (!is_compressible(request, answer, above)) return Compression::never;
    return is_wanted(request) ? Compression::gzip : Compression::unwanted;
}

void announce(Compression compression, http::ResponseHead& answer, std::string& etag) {
    if (compression == Compression::never) return;
    vary(answer);
    if (compression != Compression::gzip) return;
    std::erase_if(answer.fields, [](const http::Field& field) { return field.id == http::Name::accept_ranges; });
    for (http::Field& field : answer.fields) {
        if (field.id != http::Name::etag || field.value.starts_with("W/")) continue;
        etag = "W/" + std::string(field.value);
        field.value = etag;
    }
    answer.fields.push_back({"Content-Encoding", "gzip", http::Name::content_encoding});
}

}  // namespace bodega::edge
