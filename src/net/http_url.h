// An http:// or https:// URL, in the parts that a client needs (RFC 9110, section 4.2; RFC 3986, section 3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::net {

struct HttpUrl {
    bool is_https = false;
    std::string host;  // an IPv6 address has no brackets here
    std::uint16_t port = 0;
    std::string target;  // path and query, at least "/"

    // Throws Error{invalid} if `url` has another scheme, a user, a fragment, a space or a bad port.
    static HttpUrl of(std::string_view url);

    std::string authority() const;  // for a Host field; omits the scheme's default port
    std::string server() const;     // HOST:PORT, for log and error messages
};

}  // namespace bodega::net
