// Header fields as they arrived, with the names that the edge cares about told apart once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::http {

enum class Name : std::uint8_t {
    other,
    accept_encoding,
    accept_ranges,
    bodega_body,  // base::kBodyField: between the edge and its app alone
    connection,
    content_encoding,
    content_length,
    content_range,
    content_type,
    date,
    etag,
    expect,
    forwarded,
    host,
    http2_settings,
    if_match,
    if_modified_since,
    if_none_match,
    if_range,
    if_unmodified_since,
    keep_alive,
    last_modified,
    proxy,  // no field of HTTP, but CGI gives it a meaning (HTTP_PROXY)
    proxy_authenticate,
    proxy_authorization,
    proxy_connection,
    range,
    server,
    te,
    trailer,
    transfer_encoding,
    upgrade,
    x_accel_buffering,
    x_accel_redirect,
    x_accel_size,  // our own: which size X-Accel-Redirect's file has to have
    x_accel,       // any other X-Accel-…
    x_forwarded,   // any X-Forwarded-…
    x_real_ip,
    x_request_id,
    // An underscore where one of the above has a hyphen: a CGI-like upstream could not tell the two apart.
    spoofed,
};

struct Field {
    std::string_view name;   // as it was written
    std::string_view value;  // without surrounding white space
    Name id = Name::other;
};

using Fields = std::vector<Field>;

Name classify(std::string_view name) noexcept;

// The only field of that name; std::nullopt if there is none or more than one.
std::optional<std::string_view> only_field(const Fields& fields, Name id) noexcept;

// By name, without case. The first of that name; all of them joined by ", ", as RFC 9110 section 5.3 allows for lists.
std::optional<std::string_view> first_field(const Fields& fields, std::string_view name) noexcept;
std::optional<std::string> joined_field(const Fields& fields, std::string_view name);
std::optional<std::string> joined_field(const Fields& fields, Name id);
std::size_t count_fields(const Fields& fields, std::string_view name) noexcept;

// Hop-by-hop by its name alone (RFC 9110 section 7.6.1), whatever Connection lists.
bool is_hop_by_hop(Name id) noexcept;

// Whether a Connection field among `fields` lists `name` (RFC 9110 section 7.6.1).
bool connection_lists(const Fields& fields, std::string_view name) noexcept;

}  // namespace bodega::http
