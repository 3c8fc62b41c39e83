// An HTTP/2 client that can send any frame, for tests of the edge. It does not enforce the protocol.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "support/edge_sockets.h"
#include "support/http2_frames.h"

namespace bodega::test {

struct Http2FrameIn {
    std::uint32_t length = 0;
    int type = -1;  // -1: none came
    int flags = 0;
    std::uint32_t stream = 0;
    std::string payload;

    std::uint32_t number(std::size_t at = 0) const;  // 32 bits of the payload, such as an error code
};

// The result of one stream.
struct Http2Reply {
    int status = 0;
    std::map<std::string, std::string> fields;
    std::string body;
    int reset = -1;      // its error code
    bool whole = false;  // END_STREAM came
    int interim = 0;     // interim answers
};

class Http2Client : public RawClient {
public:
    // greets: sends the preface and SETTINGS with those entries, and acknowledges the server's SETTINGS when it reads
    // them.
    explicit Http2Client(const std::string& url, std::string_view settings = "", bool greets = true);
    ~Http2Client();
    Http2Client(Http2Client&&) noexcept;

    bool send_frame(int type, int flags, std::uint32_t stream, std::string_view payload = "") {
        return send(http2::frame(type, flags, stream, payload));
    }
    // Sends one complete HEADERS frame, with END_STREAM unless a body follows.
    bool request(std::uint32_t stream, const Http2Fields& fields, bool ends = true);

    // Sends DATA as far as the server's windows allow, and reads frames to get more. Returns false if the server
    // accepts no more: the answer has ended, the stream was reset, or no frame arrived in time.
    bool send_body(std::uint32_t stream, std::string_view bytes, bool ends = false);

    Http2FrameIn receive_frame();
    bool take();  // receive_frame(), into replies(); false: none came
    // Reads frames until that stream has ended or was reset, and opens its windows again while it reads.
    Http2Reply reply(std::uint32_t stream);
    Http2Reply ask(std::uint32_t stream, const Http2Fields& fields) {
        request(stream, fields);
        return reply(stream);
    }
    // Reads to the end; returns the code of the last GOAWAY, -1 if there was none.
    int goaway_code();
    // The streams' results that reply() collected.
    std::map<std::uint32_t, Http2Reply>& replies() { return replies_; }
    int last_goaway() const noexcept { return goaway_; }
    std::uint32_t last_stream() const noexcept { return last_stream_; }

private:
    struct Inflater;
    void take_block(const Http2FrameIn& in);
    void take_headers(std::uint32_t stream, std::string_view block);
    void take_settings(const Http2FrameIn& in);
    std::int64_t room(std::uint32_t stream);

    std::unique_ptr<Inflater> inflater_;
    std::string block_;  // of the incomplete head
    std::map<std::uint32_t, Http2Reply> replies_;
    int goaway_ = -1;
    std::int64_t stream_window_ = 65'535;           // that a stream begins with
    std::map<std::uint32_t, std::int64_t> opened_;  // bytes that WINDOW_UPDATE frames added; 0: the connection
    std::map<std::uint32_t, std::int64_t> sent_;    // bytes of DATA; 0: of all streams
    std::uint32_t last_stream_ = 0;
};

}  // namespace bodega::test
