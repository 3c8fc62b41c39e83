// A client that sends one request after the other, and each body as its test wants: in pieces, incomplete, or not at
// all. It speaks HTTP/1.1 or HTTP/2; its tests work with both.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "support/http2_client.h"
#include "support/http_client.h"

namespace bodega::test {

enum class Protocol : std::uint8_t { http1, http2 };

class BodyClient {
public:
    using Fields = HttpClient::Fields;

    // address: "127.0.0.1:port".
    BodyClient(Protocol protocol, std::string address) : protocol_(protocol), address_(std::move(address)) {}

    // The head of a request with a body; without Content-Length among its fields it is of unknown length.
    void begin(const std::string& method, const std::string& target, const Fields& fields);
    void send(std::string_view bytes);
    void end();  // of a body of unknown length, and of any over HTTP/2
    Answer read();
    Answer read_interim();  // or the answer, if that comes first

    Answer ask(const std::string& method, const std::string& target, const Fields& fields, std::string_view body) {
        begin(method, target, fields);
        send(body);
        end();
        return read();
    }

    // Without a body.
    Answer fetch(const std::string& method, const std::string& target, const Fields& fields);

    // As when a browser pauses: ends the connection, or over HTTP/2 the stream.
    void leave();
    void close();  // the connection
    // Breaks the body's framing with a malformed chunk, or over HTTP/2 with more bytes than Content-Length.
    void send_malformed();

private:
    void write_head(const std::string& method, const std::string& target, const Fields& fields, bool ends);
    static Answer answer_of(const Http2Reply& reply);

    Protocol protocol_;
    std::string address_;
    std::unique_ptr<HttpClient> one_;
    std::unique_ptr<Http2Client> two_;
    std::uint32_t stream_ = 0;
    bool chunked_ = false;
    bool whole_ = false;
};

}  // namespace bodega::test
