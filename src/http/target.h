// The request target and the Host field (RFC 9112 section 3.2, RFC 9110 section 7.2).
#pragma once

#include <optional>
#include <string_view>

#include "http/message.h"

namespace bodega::http {

// host [":" port], the host a name of letters, digits, '-', '.' and '_', an IPv4 address or an IPv6 one in
// brackets, the port 1 to 65535. Stricter than RFC 3986: no user information, no percent-encoding, not empty.
bool is_authority(std::string_view text) noexcept;

// Whether two authorities are one, the case and the scheme's default port aside (RFC 9110 section 4.2.3).
bool same_authority(std::string_view a, std::string_view b, std::string_view scheme) noexcept;

// Splits the target in any of its forms into head.target, path and host. `host_field`: the Host field's value, if
// there is one. An https URL is refused where the connection is plain (RFC 9110 section 7.4).
// Requires: head.method is set.
std::optional<Refusal> read_target(std::string_view target, std::optional<std::string_view> host_field, Carrier carrier,
                                   RequestHead& head);

}  // namespace bodega::http
