#include "http/fields.h"

#include <algorithm>
#include <array>

#include "http/syntax.h"

namespace bodega::http {
namespace {

struct Known {
    std::string_view name;
    Name id;
};

// Sorted by length, so that a name is compared only with names of the same length.
constexpr std::array<Known, 36> kKnown = {{
    {"te", Name::te},
    {"date", Name::date},
    {"etag", Name::etag},
    {"host", Name::host},
    {"proxy", Name::proxy},
    {"range", Name::range},
    {"expect", Name::expect},
    {"server", Name::server},
    {"trailer", Name::trailer},
    {"upgrade", Name::upgrade},
    {"if-match", Name::if_match},
    {"if-range", Name::if_range},
    {"forwarded", Name::forwarded},
    {"x-real-ip", Name::x_real_ip},
    {"connection", Name::connection},
    {"keep-alive", Name::keep_alive},
    {"bodega-body", Name::bodega_body},
    {"content-type", Name::content_type},
    {"x-accel-size", Name::x_accel_size},
    {"x-request-id", Name::x_request_id},
    {"accept-ranges", Name::accept_ranges},
    {"content-range", Name::content_range},
    {"if-none-match", Name::if_none_match},
    {"last-modified", Name::last_modified},
    {"content-length", Name::content_length},
    {"http2-settings", Name::http2_settings},
    {"accept-encoding", Name::accept_encoding},
    {"content-encoding", Name::content_encoding},
    {"proxy-connection", Name::proxy_connection},
    {"x-accel-redirect", Name::x_accel_redirect},
    {"if-modified-since", Name::if_modified_since},
    {"transfer-encoding", Name::transfer_encoding},
    {"x-accel-buffering", Name::x_accel_buffering},
    {"proxy-authenticate", Name::proxy_authenticate},
    {"if-unmodified-since", Name::if_unmodified_since},
    {"proxy-authorization", Name::proxy_authorization},
}};

constexpr std::size_t kLongest = kKnown.back().name.size();

// kStart[n] is the index in kKnown of the first name with at least n characters.
constexpr std::array<std::uint8_t, kLongest + 2> kStart = [] {
    std::array<std::uint8_t, kLongest + 2> start{};
    std::size_t at = 0;
    for (std::size_t length = 0; length < start.size(); ++length) {
        while (at < kKnown.size() && kKnown[at].name.size() < length) ++at;
        start[length] = static_cast<std::uint8_t>(at);
    }
    return start;
}();

constexpr char fold(char c) noexcept { return c == '_' ? '-' : lower(c); }

bool matches(std::string_view name, std::string_view known) noexcept {
    for (std::size_t i = 0; i < known.size(); ++i)
        if (fold(name[i]) != known[i]) return false;
    return true;
}

bool starts_with(std::string_view name, std::string_view known) noexcept {
    return name.size() >= known.size() && matches(name, known);
}

Name classify_folded(std::string_view name) noexcept {
    if (name.size() <= kLongest) {
        for (std::size_t i = kStart[name.size()]; i < kStart[name.size() + 1]; ++i)
            if (matches(name, kKnown[i].name)) return kKnown[i].id;
    }
    if (fold(name[0]) != 'x') return Name::other;
    if (starts_with(name, "x-accel-")) return Name::x_accel;
    if (starts_with(name, "x-forwarded-")) return Name::x_forwarded;
    return Name::other;
}

}  // namespace

Name classify(std::string_view name) noexcept {
    if (name.empty()) return Name::other;
    Name id = classify_folded(name);
    return id != Name::other && name.find('_') != std::string_view::npos ? Name::spoofed : id;
}

std::optional<std::string_view> only_field(const Fields& fields, Name id) noexcept {
    const Field* found = nullptr;
    for (const Field& field : fields) {
        if (field.id != id) continue;
        if (found) return std::nullopt;
        found = &field;
    }
    return found ? std::optional(found->value) : std::nullopt;
}

namespace {

template <class Matches>
std::optional<std::string> join(const Fields& fields, const Matches& matches) {
    std::optional<std::string> out;
    for (const Field& field : fields) {
        if (!matches(field)) continue;
        if (out) out->append(", ").append(field.value);
        else out.emplace(field.value);
    }
    return out;
}

}  // namespace

std::optional<std::string_view> first_field(const Fields& fields, std::string_view name) noexcept {
    for (const Field& field : fields)
        if (equal_ignoring_case(field.name, name)) return field.value;
    return std::nullopt;
}

std::optional<std::string> joined_field(const Fields& fields, std::string_view name) {
    return join(fields, [&](const Field& field) { return equal_ignoring_case(field.name, name); });
}

std::optional<std::string> joined_field(const Fields& fields, Name id) {
    return join(fields, [&](const Field& field) { return field.id == id; });
}

std::size_t count_fields(const Fields& fields, std::string_view name) noexcept {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(), [&](const Field& field) { return equal_ignoring_case(field.name, name); }));
}

bool is_hop_by_hop(Name id) noexcept {
    switch (id) {
        case Name::connection:
        case Name::keep_alive:
        case Name::proxy_authenticate:
        case Name::proxy_authorization:
        case Name::proxy_connection:
        case Name::te:
        case Name::trailer:
        case Name::transfer_encoding:
        case Name::upgrade: return true;
        default: return false;
    }
}

bool connection_lists(const Fields& fields, std::string_view name) noexcept {
    for (const Field& field : fields) {
        if (field.id != Name::connection) continue;
        std::string_view list = field.value;
        while (auto element = next_element(list))
            if (equal_ignoring_case(*element, name)) return true;
    }
    return false;
}

}  // namespace bodega::http
