// Sends requests to servers: HTTP/1.1 (RFC 9112), each on its own connection, in plain text or in TLS with the server's
// certificate verified.
//
// Every cost that a server can cause is limited. There is one timeout for the whole request, however slowly the
// response arrives, and a maximum size of the whole response. The client does not follow redirects: it returns them
// like any other response. Blocking; threads may share a client.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/openssl.h"
#include "net/wait_limit.h"

namespace bodega::net {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method;
    std::string url;    // http:// or https://
    HttpFields fields;  // in addition to Host, Connection, Accept and Content-Length
    std::string body;
};

struct HttpResponse {
    int status = 0;
    HttpFields fields;
    std::string body;  // without chunk framing

    // Returns the value of a field, or "" if there is no such field. Ignores the case of `name`.
    std::string_view field(std::string_view name) const;
};

class HttpClient {
public:
    struct Options {
        // Time limit of a whole request: look-up, connection, TLS, sending and receiving.
        std::chrono::milliseconds timeout;
        std::size_t max_response;        // maximum bytes of a response: head, framing and body
        SslContext tls;                  // from make_tls_client_context(); null: only http:// URLs
        WaitLimit::Continues continues;  // may be empty; called on the thread of send()
    };
    static constexpr std::size_t kMaxHead = 16 << 10;  // maximum bytes of a response's head

    explicit HttpClient(Options options) : options_(std::move(options)) {}

    // Throws Error{unavailable} if the request was aborted, or if no complete and valid response arrived within the
    // limits. Throws Error{invalid} for a URL, a method or a field that can't be sent, and for https:// without `tls`.
    HttpResponse send(const HttpRequest& request) const;

private:
    const Options options_;
};

}  // namespace bodega::net
