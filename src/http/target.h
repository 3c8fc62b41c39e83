// The request target and the Host field (RFC 9112 section 3.2, RFC 9110 section 7.2).
#pragma once

#include <optional>
#include <string_view>

#include "http/message.h"

namespace bodega::http {

// True for host [":" port]. The host is a name of letters, digits, '-', '.' and '_', an IPv4 address, or an IPv6
// address in brackets; the port is 1 to 65535. Stricter than RFC 3986: no user information, no percent-encoding, not
// empty.
bool is_authority(std::string_view text) noexcept;

struct Authority {
    std::string_view host;  // with brackets if it is an IPv6 address
    std::string_view port;  // empty if the authority has no port
};
Authority split_authority(std::string_view text) noexcept;

// The parts of an http or https URL, and of an origin.
struct Url {
    std::string_view scheme;  // "http" or "https", as sent
    std::string_view authority;
    std::string_view rest;  // what follows the authority; empty, or begins with '/' or '?'
};
// Returns std::nullopt if the scheme is missing or is neither http nor https. Does not check the authority.
std::optional<Url> split_url(std::string_view url) noexcept;

// Removes the scheme's default port (RFC 9110 section 4.2.3).
std::string_view without_default_port(std::string_view authority, std::string_view scheme) noexcept;
// True if two authorities are equal, ignoring case and the scheme's default port (RFC 9110 section 4.2.3).
bool same_authority(std::string_view a, std::string_view b, std::string_view scheme) noexcept;

// Splits a target of any form into head.target, path and host. `host_field` is the value of the Host field, if there
// is one. Rejects an https URL on a plain connection (RFC 9110 section 7.4). Requires: head.method is set.
std::optional<Refusal> read_target(std::string_view target, std::optional<std::string_view> host_field, Carrier carrier,
                                   RequestHead& head);

}  // namespace bodega::http
