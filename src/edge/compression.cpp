#include "edge/compression.h"

#include <algorithm>
#include <array>

#include "edge/accept_encoding.h"
#include "edge/syntax.h"

namespace bodega::edge {
namespace {

constexpr std::array<std::string_view, 4> kTypes = {"application/javascript", "application/json", "application/xml",
                                                    "application/yaml"};

bool is_text(std::string_view content_type) noexcept {
    std::string_view type = syntax::trim(content_type.substr(0, content_type.find(';')));
    auto begins = [&](std::string_view with) {
        return type.size() >= with.size() && syntax::equal_ignoring_case(type.substr(0, with.size()), with);
    };
    auto ends = [&](std::string_view with) {
        return type.size() >= with.size() && syntax::equal_ignoring_case(type.substr(type.size() - with.size()), with);
    };
    if (begins("text/")) return !syntax::equal_ignoring_case(type, "text/event-stream");
    if (ends("+json") || ends("+xml")) return true;
    return std::any_of(kTypes.begin(), kTypes.end(),
                       [&](std::string_view known) { return syntax::equal_ignoring_case(type, known); });
}

bool named(const Field& field, std::string_view name) noexcept {
    return field.id == Name::other && syntax::equal_ignoring_case(field.name, name);
}

bool lists(std::string_view list, std::string_view wanted) noexcept {
    while (auto element = syntax::next_element(list))
        if (syntax::equal_ignoring_case(*element, wanted)) return true;
    return false;
}

// What in the answer's fields speaks against it.
bool forbids(const Field& field) noexcept {
    switch (field.id) {
        case Name::content_encoding:
        case Name::content_range: return true;
        case Name::x_accel_buffering: return syntax::equal_ignoring_case(field.value, "no");
        case Name::other: break;
        default: return false;
    }
    if (named(field, "Cache-Control")) return lists(field.value, "no-transform");
    return named(field, "Set-Cookie") || named(field, "Digest") || named(field, "Content-Digest") ||
           named(field, "Repr-Digest") || named(field, "Content-MD5");
}

bool is_long(const ResponseHead& answer, std::uint64_t above) noexcept {
    if (answer.body.kind == Framing::Kind::length) return answer.body.length > above;
    if (answer.body.kind != Framing::Kind::none) return true;
    // To HEAD: as to GET, if it says so.
    auto length = only_field(answer.fields, Name::content_length);
    auto bytes = length ? syntax::decimal(*length) : std::nullopt;
    return !bytes || *bytes > above;
}

bool is_compressible(const RequestHead& request, const ResponseHead& answer, std::uint64_t above) noexcept {
    if (answer.status != 200 || (request.method != Method::get && request.method != Method::head)) return false;
    if (!is_long(answer, above)) return false;
    auto type = only_field(answer.fields, Name::content_type);
    if (!type || !is_text(*type)) return false;
    return std::none_of(answer.fields.begin(), answer.fields.end(), forbids);
}

bool is_wanted(const RequestHead& request) noexcept {
    if (request.minor == 0) return false;  // its end would have to be the connection's
    Weights weights;
    for (const Field& field : request.fields) {
        if (field.id == Name::accept_encoding) weights = coding_weights(field.value);
        if (named(field, "Cache-Control") && lists(field.value, "no-transform")) return false;
        if (named(field, "Sec-Fetch-Site") && syntax::equal_ignoring_case(field.value, "cross-site")) return false;
    }
    return choose_coding(weights, true, false) == Coding::gzip;
}

void vary(ResponseHead& answer) {
    for (const Field& field : answer.fields)
        if (named(field, "Vary") && (lists(field.value, "Accept-Encoding") || lists(field.value, "*"))) return;
    answer.fields.push_back({"Vary", "Accept-Encoding", Name::other});
}

}  // namespace

Compression compression_of(const RequestHead& request, const ResponseHead& answer, std::uint64_t above) {
    if (!is_compressible(request, answer, above)) return Compression::never;
    return is_wanted(request) ? Compression::gzip : Compression::unwanted;
}

void announce(Compression compression, ResponseHead& answer, std::string& etag) {
    if (compression == Compression::never) return;
    vary(answer);
    if (compression != Compression::gzip) return;
    std::erase_if(answer.fields, [](const Field& field) { return field.id == Name::accept_ranges; });
    for (Field& field : answer.fields) {
        if (field.id != Name::etag || field.value.starts_with("W/")) continue;
        etag = "W/" + std::string(field.value);
        field.value = etag;
    }
    answer.fields.push_back({"Content-Encoding", "gzip", Name::content_encoding});
}

}  // namespace bodega::edge
