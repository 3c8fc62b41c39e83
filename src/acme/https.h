// Requests to an authority: HTTP/1.1 over TLS with its certificate verified, each on a connection of its own. Blocking,
// within a deadline. One thread at a time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "acme/openssl.h"

namespace bodega::acme {

struct HttpsAnswer {
    int status = 0;
    std::map<std::string, std::string, std::less<>> fields;  // names in lower case; of several, the last
    std::string body;

    std::string_view field(std::string_view name) const;  // "" without it
};

// The answer's bytes as they came until the connection ended. Throws Error{unavailable} for what is not whole.
HttpsAnswer parse_answer(std::string_view bytes);

struct HttpsUrl {
    std::string host;
    std::string port;
    std::string target;

    // Throws Error{invalid} for what does not begin with https:// and a host.
    static HttpsUrl of(std::string_view url);
};

class Https {
public:
    // Asked several times a second while a request waits; false: this node stops, and the request is given up.
    using GoesOn = std::function<bool()>;

    // `authorities`: a PEM file of those to trust; empty: the system's. Throws Error{config_invalid} if it can't be
    // read.
    Https(const std::string& authorities, GoesOn goes_on);

    // A body makes it a POST of application/jose+json. Throws Error{unavailable} if there is no whole answer.
    HttpsAnswer get(const std::string& url);
    HttpsAnswer head(const std::string& url);
    HttpsAnswer post(const std::string& url, const std::string& body);

private:
    HttpsAnswer ask(std::string_view method, const std::string& url, const std::string& body);

    SslContext context_;
    const GoesOn goes_on_;
};

}  // namespace bodega::acme
