// The Authorization field (RFC 9110 section 11.6.2) and the Basic scheme (RFC 7617). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::http {

struct Authorization {
    std::string_view scheme;       // as sent, for example "Basic"
    std::string_view credentials;  // the text after the scheme; may be empty

    bool has_scheme(std::string_view name) const noexcept;  // ignores upper and lower case
};

Authorization parse_authorization(std::string_view field) noexcept;

struct BasicCredentials {
    std::string user;
    std::string password;
};

// Decodes the credentials of the scheme Basic. Returns std::nullopt if they are not the base64 of a text with a colon.
std::optional<BasicCredentials> parse_basic(std::string_view credentials);

}  // namespace bodega::http
