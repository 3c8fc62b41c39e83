#include "support/edge_sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>
#include <stdexcept>

namespace bodega::test {
namespace {

base::Fd connect_to(const std::string& url, int receive_buffer) {
    std::size_t colon = url.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1))));
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int one = 1;  // pieces are sent as pieces, without delay
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receive_buffer > 0) ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("could not connect to " + url);
    return fd;
}

base::Fd listen_unix(const std::string& path) {
    ::unlink(path.c_str());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
    return fd;
}

base::Fd listen_port(const std::string& port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int one = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
    return fd;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

void read_fields(std::string_view head, std::map<std::string, std::string>& fields) {
    std::size_t at = head.find("\r\n") + 2;
    while (at < head.size()) {
        std::size_t end = head.find("\r\n", at);
        std::string_view line = head.substr(at, end - at);
        std::size_t colon = line.find(':');
        if (colon != std::string_view::npos)
            fields[lower(std::string(line.substr(0, colon)))] = line.substr(std::min(line.size(), colon + 2));
        at = end + 2;
    }
}

std::string read_chunks(Stream& stream) {
    std::string raw;
    for (;;) {
        std::string line = stream.receive_until("\r\n");
        raw += line;
        if (line.empty()) return raw;
        std::size_t size = std::stoul(line, nullptr, 16);
        if (size == 0) return raw + stream.receive_until("\r\n");
        raw += stream.receive_exactly(size + 2);
    }
}

}  // namespace

// --- Stream

Stream::Stream(base::Fd fd, Millis patience) : fd_(std::move(fd)) { give_patience(patience); }

void Stream::give_patience(Millis patience) {
    timeval time{};
    time.tv_sec = patience.count() / 1000;
    time.tv_usec = static_cast<suseconds_t>(patience.count() % 1000 * 1000);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

ssize_t Stream::write_some(const char* bytes, std::size_t count) {
    return ::send(fd_.get(), bytes, count, MSG_NOSIGNAL);
}

ssize_t Stream::read_some(char* out, std::size_t max) { return ::recv(fd_.get(), out, max, 0); }

bool Stream::send(std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t n = write_some(bytes.data(), bytes.size());
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::string Stream::receive(std::size_t max) {
    if (!kept_.empty()) {
        std::string out = kept_.substr(0, max);
        kept_.erase(0, out.size());
        return out;
    }
    std::string out(max, '\0');
    ssize_t n = read_some(out.data(), out.size());
    timed_out_ = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    reset_ = reset_ || (n < 0 && errno == ECONNRESET);
    out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return out;
}

std::string Stream::receive_exactly(std::size_t count) {
    std::string out;
    while (out.size() < count) {
        std::string more = receive(count - out.size());
        if (more.empty()) break;
        out += more;
    }
    return out;
}

std::string Stream::receive_until(std::string_view mark) {
    std::string out;
    for (;;) {
        std::size_t at = out.find(mark);
        if (at != std::string::npos) {
            kept_.insert(0, out.substr(at + mark.size()));
            return out.substr(0, at + mark.size());
        }
        std::string more = receive();
        if (more.empty()) return {};
        out += more;
    }
}

std::string Stream::receive_all() {
    std::string out;
    for (std::string more = receive(); !more.empty(); more = receive()) out += more;
    return out;
}

void Stream::end_sending() { ::shutdown(fd_.get(), SHUT_WR); }

void Stream::close_by_reset() {
    linger now{1, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    fd_.reset();
}

// --- the client

std::string Reply::field(const std::string& name) const {
    auto at = fields.find(name);
    return at == fields.end() ? "" : at->second;
}

RawClient::RawClient(const std::string& url, int receive_buffer) : Stream(connect_to(url, receive_buffer)) {}

Reply RawClient::reply(std::string_view method) {
    Reply out;
    out.head = receive_until("\r\n\r\n");
    if (out.head.size() < 12) return out;
    out.status = std::stoi(out.head.substr(9, 3));
    read_fields(out.head, out.fields);
    out.whole = true;
    if (method == "HEAD" || out.status < 200 || out.status == 204 || out.status == 304) return out;
    if (out.fields.contains("content-length")) {
        std::size_t length = std::stoul(out.fields["content-length"]);
        out.body = receive_exactly(length);
        out.whole = out.body.size() == length;
    } else if (out.fields.contains("transfer-encoding")) {
        std::string raw = read_chunks(*this);
        out.whole = raw.ends_with("0\r\n\r\n");
        out.body = decode_chunks(raw);
    } else {
        out.body = receive_all();
    }
    return out;
}

Reply RawClient::ask(std::string_view request, std::string_view method) {
    send(request);
    return reply(method);
}

// --- the upstream

RawUpstream::RawUpstream(std::string path, Serve serve)
    : path_(std::move(path)),
      serve_(std::move(serve)),
      listener_(path_.starts_with('/') ? listen_unix(path_) : listen_port(path_)) {
    if (!listener_ || ::listen(listener_.get(), 128) != 0) throw std::runtime_error("could not listen on " + path_);
    acceptor_ = std::thread(&RawUpstream::accept_all, this);
}

RawUpstream::~RawUpstream() {
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    {
        std::lock_guard lock(mutex_);
        for (auto& stream : streams_) ::shutdown(stream->fd(), SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    if (path_.starts_with('/')) ::unlink(path_.c_str());
}

std::string RawUpstream::port() const {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &length);
    return std::to_string(ntohs(address.sin_port));
}

std::string RawUpstream::address() const { return path_.starts_with('/') ? "unix:" + path_ : "127.0.0.1:" + port(); }

void RawUpstream::accept_all() {
    while (!stopping_) {
        base::Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!fd) return;
        ++connections_;
        std::lock_guard lock(mutex_);
        streams_.push_back(std::make_unique<Stream>(std::move(fd), 30s));
        Stream* stream = streams_.back().get();
        threads_.emplace_back([this, stream] {
            serve_(*stream);
            ::shutdown(stream->fd(), SHUT_RDWR);
        });
    }
}

std::optional<Seen> read_request(Stream& stream) {
    Seen seen;
    seen.head = stream.receive_until("\r\n\r\n");
    if (seen.head.empty()) return std::nullopt;
    std::map<std::string, std::string> fields;
    read_fields(seen.head, fields);
    if (fields.contains("content-length")) seen.body = stream.receive_exactly(std::stoul(fields["content-length"]));
    else if (fields.contains("transfer-encoding")) seen.body = read_chunks(stream);
    return seen;
}

std::string Seen::content() const {
    return head.find("Transfer-Encoding") != std::string::npos ? decode_chunks(body) : body;
}

std::string decode_chunks(std::string_view raw) {
    std::string out;
    while (!raw.empty()) {
        std::size_t line = raw.find("\r\n");
        if (line == std::string_view::npos) break;
        std::size_t size = std::stoul(std::string(raw.substr(0, line)), nullptr, 16);
        out += raw.substr(line + 2, size);
        raw.remove_prefix(std::min(raw.size(), line + 2 + size + 2));
    }
    return out;
}

void Recorder::operator()(Stream& stream) {
    while (auto request = read_request(stream)) {
        {
            std::lock_guard lock(mutex_);
            seen_.push_back(*request);
        }
        if (!stream.send(answer_(*request))) return;
    }
}

std::vector<Seen> Recorder::seen() const {
    std::lock_guard lock(mutex_);
    return seen_;
}

std::string ok(std::string_view body, std::string_view fields) {
    std::string out = "HTTP/1.1 200 OK\r\n" + std::string(fields);
    return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string random_bytes(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::string out(count, '\0');
    for (char& c : out) c = static_cast<char>(random());
    return out;
}

}  // namespace bodega::test
