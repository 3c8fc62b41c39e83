#include "web/transport/body_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "web/transport/connection.h"

namespace bodega::web {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

[[noreturn]] void too_large() {
    throw base::Error(base::Code::too_large, "The request's body is larger than this call accepts.");
}

[[noreturn]] void broken(const char* what) {
    throw base::Error(base::Code::invalid, std::string("The request's body is broken: ") + what + ".");
}

}  // namespace

BodyReader::BodyReader(Connection& connection, std::optional<std::int64_t> length, bool expects) noexcept
    : connection_(connection), length_(length), left_(length.value_or(0)), expects_(expects), ended_(length == 0) {}

std::size_t BodyReader::read(std::span<char> buffer) {
    if (ended_ || buffer.empty()) return 0;
    touched_ = true;
    if (std::exchange(expects_, false) && !connection_.has_input())
        connection_.write(kContinue.data(), kContinue.size());  // the client waits for this before it sends the body
    return length_ ? read_counted(buffer) : read_chunked(buffer);
}

std::size_t BodyReader::take(std::span<char> buffer, std::uint64_t left) {
    const auto max = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
    const ssize_t n = connection_.read_body(buffer.first(max));
    if (n <= 0) broken("the connection ended before the body");
    return static_cast<std::size_t>(n);
}

std::size_t BodyReader::read_counted(std::span<char> buffer) {
    const std::size_t n = take(buffer, static_cast<std::uint64_t>(left_));
    left_ -= static_cast<std::int64_t>(n);
    ended_ = left_ == 0;
    return n;
}

std::size_t BodyReader::read_chunked(std::span<char> buffer) {
    if (decoder_.left() == 0 && !next_chunk()) return 0;
    const std::size_t n = take(buffer, decoder_.left());
    decoder_.took_data(n);
    received_ += static_cast<std::int64_t>(n);
    return n;
}

// Advances past the chunk framing to the data of the next chunk. Returns false at the end of the body.
bool BodyReader::next_chunk() {
    for (;;) {
        if (!connection_.has_input() && !connection_.await_body()) broken("the connection ended before the body");
        const http::ChunkedDecoder::Step step = decoder_.next(connection_.input());
        connection_.consume(step.skip);
        switch (step.state) {
            case http::ChunkedDecoder::State::more: continue;
            case http::ChunkedDecoder::State::malformed: broken("its chunks are malformed");
            case http::ChunkedDecoder::State::end: ended_ = true; return false;
            case http::ChunkedDecoder::State::data: break;
        }
        if (received_ > max_ || decoder_.left() > static_cast<std::uint64_t>(max_ - received_)) too_large();
        return true;
    }
}

std::function<void()> BodyReader::breaker() const {
    return [transport = connection_.transport()] { transport->cut(); };
}

std::string BodyReader::read_all(std::int64_t max) {
    if (length_ && *length_ > max) too_large();
    max_ = max;
    std::string all;
    if (length_) all.reserve(static_cast<std::size_t>(*length_));
    char piece[8192];
    for (std::size_t n = read(piece); n > 0; n = read(piece)) all.append(piece, n);
    return all;
}

}  // namespace bodega::web
