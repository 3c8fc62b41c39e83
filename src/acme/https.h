// Sends requests to an authority: HTTP/1.1 over TLS with its certificate verified, each on its own connection.
// Blocking, within a deadline. One thread at a time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "net/openssl.h"

namespace bodega::acme {

struct HttpsAnswer {
    int status = 0;
    std::map<std::string, std::string, std::less<>> fields;  // names in lower case; the last one of several with a name
    std::string body;

    std::string_view field(std::string_view name) const;  // "" if there is no such field
};

// Parses all bytes of an answer, up to the end of the connection. Throws Error{unavailable} if it is not complete.
HttpsAnswer parse_answer(std::string_view bytes);

struct HttpsUrl {
    std::string host;
    std::string port;
    std::string target;

    // Throws Error{invalid} for text that does not begin with https:// and a host.
    static HttpsUrl of(std::string_view url);
};

class Https {
public:
    // Called several times a second while a request waits. False: this node stops, and the request is aborted.
    using GoesOn = std::function<bool()>;

    // `authorities`: a PEM file of CA certificates to trust; empty: the system's bundle. Throws Error{config_invalid}
    // if it can't be read.
    Https(const std::string& authorities, GoesOn goes_on);

    // post() sends application/jose+json. All throw Error{unavailable} if there is no complete answer.
    HttpsAnswer get(const std::string& url);
    HttpsAnswer head(const std::string& url);
    HttpsAnswer post(const std::string& url, const std::string& body);

private:
    HttpsAnswer ask(std::string_view method, const std::string& url, const std::string& body);

    net::SslContext context_;
    const GoesOn goes_on_;
};

}  // namespace bodega::acme
