// nghttp2's callbacks, by which nghttp2 reports received frames and gets the bytes of answers.
//
// All callbacks run inside nghttp2_session_mem_recv or nghttp2_session_mem_send. So no callback may resume a handler,
// and no exception may leave one.
#include <exception>
#include <utility>

#include "base/error.h"
#include "edge/exchange/overload.h"
#include "edge/http2/http2_connection.h"
#include "edge/http2/http2_memory.h"
#include "edge/http2/http2_stream.h"

namespace bodega::edge {
namespace {

constexpr std::int64_t kAllowedByRequest = 4;
constexpr std::int64_t kAllowedByData = 2;
// The most acknowledgements (of SETTINGS and PING frames) that wait to be sent. The connection ends if a client that
// does not read them causes more.
constexpr std::size_t kMaxAcks = 100;
// The most bytes of an answer's head. Enough for the head of an upstream's answer plus the fields that the edge adds.
constexpr std::size_t kMaxHead = 128 << 10;
// The connection ends if a request's head is this many times larger than the limit. A client that sends so much will
// not read an error answer.
constexpr std::size_t kMaxHeadFactor = 4;

std::string_view text(const std::uint8_t* bytes, std::size_t count) noexcept {
    return {reinterpret_cast<const char*>(bytes), count};
}

template <class Call>
int guarded(Call call) noexcept {
    try {
        return call();
    } catch (const std::exception&) {
        return NGHTTP2_ERR_CALLBACK_FAILURE;  // nghttp2 then ends the connection with an error
    }
}

// True if a stream was reset because of an error of the client.
bool is_client_error(std::uint32_t code) noexcept {
    return code != NGHTTP2_NO_ERROR && code != NGHTTP2_INTERNAL_ERROR && code != NGHTTP2_CANCEL &&
           // a refused stream was counted when the server refused it
           code != NGHTTP2_REFUSED_STREAM;
}

}  // namespace

struct Http2Connection::Callbacks {
    static Http2Connection& self(void* user) noexcept { return *static_cast<Http2Connection*>(user); }

    static Http2Stream* stream(nghttp2_session* session, std::int32_t id) noexcept {
        return static_cast<Http2Stream*>(nghttp2_session_get_stream_user_data(session, id));
    }

    // --- received frames

    static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
        return guarded([&] {
            Http2Connection& c = self(user);
            if (c.refuse_stream(frame->hd.stream_id)) return 0;
            if (!c.has_memory()) return c.refuse(frame->hd.stream_id);
            c.incoming_ = std::make_unique<Http2Stream>(c, frame->hd.stream_id);
            return 0;
        });
    }

    static int header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_size, const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                      void* user) {
        return guarded([&] {
            Http2Connection& c = self(user);
            Http2Stream* s = stream(session, frame->hd.stream_id);
            if (!s) return 0;
            if (s == c.incoming_.get()) s->on_field(text(name, name_size), text(value, value_size));
            else s->head_.count(text(name, name_size), text(value, value_size));
            auto max = static_cast<std::size_t>(c.context_.options.settings.max_head);
            if (s->head_.size() > max * kMaxHeadFactor) c.terminate(NGHTTP2_ENHANCE_YOUR_CALM);
            if (s != c.incoming_.get() || c.has_memory()) return 0;
            c.incoming_.reset();
            return c.refuse(frame->hd.stream_id);
        });
    }

    static int frame_received(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
        return guarded([&] {
            Http2Connection& c = self(user);
            Http2Stream* s = stream(session, frame->hd.stream_id);
            bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
            switch (frame->hd.type) {
                case NGHTTP2_HEADERS:
                    if (s && s == c.incoming_.get()) c.take_request(ends);
                    else if (s && ends) s->on_body_end();
                    break;
                case NGHTTP2_DATA:
                    if (frame->hd.length > 0 && frame->data.padlen == frame->hd.length && !ends) c.charge_padding();
                    if (s && ends) s->on_body_end();
                    break;
                case NGHTTP2_SETTINGS:
                    if (frame->hd.flags & NGHTTP2_FLAG_ACK) c.settings_deadline_ = net::kNever;
                    else c.wake_for_window(0);
                    break;
                case NGHTTP2_RST_STREAM:
                    c.closed_.note(frame->hd.stream_id, Http2ClosedStreams::How::reset_by_client);
                    break;
                case NGHTTP2_WINDOW_UPDATE: c.wake_for_window(frame->hd.stream_id); break;
                default: break;
            }
            return 0;
        });
    }

    static int data_chunk(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                          std::size_t count, void*) {
        return guarded([&] {
            Http2Stream* s = stream(session, id);
            if (s) s->on_body(text(bytes, count));
            // The stream has ended, so no handler will read these bytes. Open the connection's window for them again.
            else nghttp2_session_consume(session, id, count);
            return 0;
        });
    }

    static int stream_closed(nghttp2_session* session, std::int32_t id, std::uint32_t, void* user) {
        Http2Connection& c = self(user);
        Http2Stream* s = stream(session, id);
        c.closed_.note(id, Http2ClosedStreams::How::ended);
        if (!s) return 0;
        nghttp2_session_set_stream_user_data(session, id, nullptr);
        if (s == c.incoming_.get()) c.incoming_.reset();
        else s->on_closed();
        return 0;
    }

    // --- sent frames

    static int frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
        Http2Connection& c = self(user);
        switch (frame->hd.type) {
            case NGHTTP2_DATA: c.control_frames_.earn(kAllowedByData); [[fallthrough]];
            case NGHTTP2_HEADERS:
                if (Http2Stream* s = stream(session, frame->hd.stream_id))
                    s->ended_ = s->ended_ || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
                break;
            case NGHTTP2_RST_STREAM:
                c.closed_.note(frame->hd.stream_id, Http2ClosedStreams::How::reset_by_server);
                if (is_client_error(frame->rst_stream.error_code) && !c.resets_.take(1, c.now()))
                    c.terminate(NGHTTP2_ENHANCE_YOUR_CALM);
                break;
            case NGHTTP2_GOAWAY:
                if (frame->goaway.error_code != NGHTTP2_NO_ERROR) c.terminating_ = true;
                break;
            default: break;
        }
        return 0;
    }

    // Resets the stream of a head that can't be sent. Otherwise the stream would wait forever.
    static int frame_not_sent(nghttp2_session* session, const nghttp2_frame* frame, int, void*) {
        if (frame->hd.type == NGHTTP2_HEADERS)
            nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_INTERNAL_ERROR);
        return 0;
    }

    static int send_data(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* header, std::size_t length,
                         nghttp2_data_source* source, void* user) {
        return guarded([&] {
            auto* s = static_cast<Http2Stream*>(source->ptr);
            static_cast<void>(frame);
            return s->append_frame(header, length, self(user).output_) ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        });
    }

    struct Deleter {
        void operator()(nghttp2_session_callbacks* callbacks) const noexcept {
            nghttp2_session_callbacks_del(callbacks);
        }
        void operator()(nghttp2_option* option) const noexcept { nghttp2_option_del(option); }
    };
};

void Http2Connection::take_request(bool whole) {
    control_frames_.earn(kAllowedByRequest);
    incoming_->on_head(whole ? Http2Head::Ends::with_its_head : Http2Head::Ends::with_a_body);
    arrived_.push_back(std::move(incoming_));
}

bool Http2Connection::has_memory() noexcept {
    if (context_.buffer_pool.full()) relieve(context_);
    return !ledger_.full();
}

// REFUSED_STREAM tells the client that the request was not processed, so the client may retry (RFC 9113 section 8.7).
// An error answer would need memory that is missing.
int Http2Connection::refuse(std::int32_t stream_id) noexcept {
    context_.counters.over_memory.add();
    return nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream_id, NGHTTP2_REFUSED_STREAM);
}

void Http2Connection::charge_padding() {
    if (!control_frames_.take(1, now())) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2Connection::open_session() {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_option* option = nullptr;
    int failed = nghttp2_session_callbacks_new(&callbacks);
    const std::unique_ptr<nghttp2_session_callbacks, Callbacks::Deleter> callbacks_owner(callbacks);
    failed = failed ? failed : nghttp2_option_new(&option);
    const std::unique_ptr<nghttp2_option, Callbacks::Deleter> option_owner(option);
    if (failed) throw base::Error(base::Code::unavailable, "There is no memory for an HTTP/2 session.");
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Callbacks::begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::frame_received);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data_chunk);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::stream_closed);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, Callbacks::frame_sent);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, Callbacks::frame_not_sent);
    nghttp2_session_callbacks_set_send_data_callback(callbacks, Callbacks::send_data);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_no_closed_streams(option, 1);
    nghttp2_option_set_max_outbound_ack(option, kMaxAcks);
    nghttp2_option_set_max_send_header_block_length(option, kMaxHead);
    nghttp2_session* session = nullptr;
    nghttp2_mem memory = counted_memory(ledger_);
    if (nghttp2_session_server_new3(&session, callbacks, this, option, &memory) != 0)
        throw base::Error(base::Code::unavailable, "There is no memory for an HTTP/2 session.");
    session_.reset(session);
}

}  // namespace bodega::edge
