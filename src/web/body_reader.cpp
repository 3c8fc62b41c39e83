#include "web/body_reader.h"

#include <algorithm>

#include "base/error.h"
#include "web/connection.h"

namespace bodega::web {
namespace {

constexpr std::size_t kMaxLine = 256;  // of a chunk's size line or a trailer field
constexpr int kMaxTrailers = 32;
constexpr std::int64_t kMaxChunk = std::int64_t{1} << 50;

[[noreturn]] void too_large() {
    throw base::Error(base::Code::too_large, "the request's body is larger than this call takes");
}

[[noreturn]] void broken(const char* what) {
    throw base::Error(base::Code::invalid, std::string("the request's body is broken: ") + what);
}

// A line without its CRLF; a bare LF is broken framing (RFC 9112, section 2.2).
std::string read_line(Connection& connection) {
    std::string line;
    char byte = 0;
    while (line.size() <= kMaxLine) {
        if (connection.read_body({&byte, 1}) != 1) broken("the connection ended before it");
        if (byte == '\n') {
            if (line.empty() || line.back() != '\r') broken("a line of it does not end in CRLF");
            line.pop_back();
            return line;
        }
        line += byte;
    }
    broken("a line of its framing is too long");
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The size before any extension (RFC 9112, section 7.1.1).
std::int64_t chunk_size(const std::string& line) {
    std::int64_t size = 0;
    std::size_t i = 0;
    for (; i < line.size() && hex_digit(line[i]) >= 0; ++i) {
        size = size * 16 + hex_digit(line[i]);
        if (size > kMaxChunk) broken("a chunk is too large");
    }
    if (i == 0 || (i < line.size() && line[i] != ';')) broken("a chunk has no size");
    return size;
}

}  // namespace

BodyReader::BodyReader(Connection& connection, std::optional<std::int64_t> length) noexcept
    : connection_(connection), length_(length), left_(length.value_or(0)), ended_(length == 0) {}

std::size_t BodyReader::read(std::span<char> buffer) {
    if (ended_ || buffer.empty()) return 0;
    touched_ = true;
    if (!length_ && left_ == 0) next_chunk();
    if (ended_) return 0;
    auto most = static_cast<std::size_t>(std::min<std::int64_t>(left_, static_cast<std::int64_t>(buffer.size())));
    ssize_t n = connection_.read_body(buffer.first(most));
    if (n <= 0) broken("the connection ended before it");
    left_ -= n;
    if (length_ && left_ == 0) ended_ = true;
    return static_cast<std::size_t>(n);
}

void BodyReader::next_chunk() {
    if (!first_chunk_ && !read_line(connection_).empty()) broken("a chunk is longer than its size");
    first_chunk_ = false;
    left_ = chunk_size(read_line(connection_));
    announced_ += left_;
    if (announced_ > most_) too_large();
    if (left_ > 0) return;
    ended_ = true;
    for (int i = 0; i < kMaxTrailers; ++i)
        if (read_line(connection_).empty()) return;
    broken("too many trailer fields");
}

std::function<void()> BodyReader::breaker() const {
    return [wire = connection_.wire()] { wire->cut(); };
}

bool BodyReader::is_from_own_edge() const noexcept { return connection_.to_own_edge; }

std::string BodyReader::read_all(std::int64_t most) {
    if (length_ && *length_ > most) too_large();
    most_ = most;
    std::string all;
    if (length_) all.reserve(static_cast<std::size_t>(*length_));
    char piece[8192];
    for (std::size_t n = read(piece); n > 0; n = read(piece)) all.append(piece, n);
    return all;
}

}  // namespace bodega::web
