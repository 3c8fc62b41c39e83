// Header fields as received. The parser maps each known field name to a Name, so that later code compares no text.
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
    bodega_body,  // base::kConversationField: used only between the edge and the app
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
    proxy,  // not an HTTP field; CGI turns it into HTTP_PROXY, which programs obey
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
    x_accel_size,  // bodega's own: the size that X-Accel-Redirect's file must have
    x_accel,       // any other X-Accel-…
    x_forwarded,   // any X-Forwarded-…
    x_real_ip,
    x_request_id,
    // One of the names above with an underscore in place of a hyphen. A CGI-like upstream can't distinguish the two
    // names.
    spoofed,
};

struct Field {
    std::string_view name;   // the name as sent
    std::string_view value;  // without surrounding white space
    Name id = Name::other;
};

using Fields = std::vector<Field>;

Name classify(std::string_view name) noexcept;

// Returns the value if exactly one field has that name, else std::nullopt.
std::optional<std::string_view> only_field(const Fields& fields, Name id) noexcept;

// Look up fields by name, ignoring case. first_field() returns the first value. joined_field() joins all values with ",
// ", as RFC 9110 section 5.3 allows for lists.
std::optional<std::string_view> first_field(const Fields& fields, std::string_view name) noexcept;
std::optional<std::string> joined_field(const Fields& fields, std::string_view name);
std::optional<std::string> joined_field(const Fields& fields, Name id);
std::size_t count_fields(const Fields& fields, std::string_view name) noexcept;

// True if a field with this name is always hop-by-hop (RFC 9110 section 7.6.1), even if Connection does not list it.
bool is_hop_by_hop(Name id) noexcept;

// True if a Connection field among `fields` lists `name` (RFC 9110 section 7.6.1).
bool connection_lists(const Fields& fields, std::string_view name) noexcept;

}  // namespace bodega::http
