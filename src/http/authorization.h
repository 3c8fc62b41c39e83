// The Authorization field (RFC 9110 section 11.6.2) and the Basic scheme (RFC 7617). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::http {

struct Authorization {
    std::string_view scheme;       // as sent
    std::string_view credentials;  // what follows it; may be empty

    bool has_scheme(std::string_view name) const noexcept;  // in any case
};

Authorization parse_authorization(std::string_view field) noexcept;

struct BasicCredentials {
    std::string user;
    std::string password;
};

// Decodes the credentials of the scheme Basic. std::nullopt: they are not the base64 of a text with a colon.
std::optional<BasicCredentials> parse_basic(std::string_view credentials);

}  // namespace bodega::http
