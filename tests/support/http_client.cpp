#include "support/http_client.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace bodega::test {
namespace {

constexpr int kTimeoutSeconds = 30;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

int connect_unix(const std::string& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.c_str(), std::min(path.size(), sizeof name.sun_path - 1));
    int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
        throw std::runtime_error("could not connect to " + path);
    return fd;
}

int connect_port(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &name.sin_addr);
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
        throw std::runtime_error("could not connect to " + address);
    return fd;
}

Answer parse_head(std::string head) {
    Answer answer;
    if (head.size() > 12) answer.status = std::atoi(head.c_str() + 9);
    for (std::size_t at = head.find("\r\n"); at != head.npos;) {
        const std::size_t end = head.find("\r\n", at + 2);
        const std::string line = head.substr(at + 2, end == head.npos ? end : end - at - 2);
        const std::size_t colon = line.find(": ");
        if (colon != line.npos) answer.fields.emplace(lower(line.substr(0, colon)), line.substr(colon + 2));
        at = end;
    }
    answer.head = std::move(head);
    return answer;
}

}  // namespace

std::string Answer::cookie(std::string_view name) const {
    const auto [begin, end] = fields.equal_range("set-cookie");
    for (auto it = begin; it != end; ++it)
        if (it->second.starts_with(std::string(name) + "=")) return it->second;
    return {};
}

std::string Answer::field(const std::string& name) const {
    auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
}

nlohmann::json Answer::json() const { return nlohmann::json::parse(body, nullptr, false); }

void HttpClient::connect() {
    fd_ = base::Fd(address_.starts_with('/') ? connect_unix(address_) : connect_port(address_));
    timeval limit{.tv_sec = kTimeoutSeconds, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

void HttpClient::write(std::string_view bytes) {
    if (!fd_) connect();
    while (!bytes.empty()) {
        ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return;  // the answer may have arrived all the same
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

bool HttpClient::fill() {
    char piece[16384];
    ssize_t n = ::recv(fd_.get(), piece, sizeof piece, 0);
    if (n <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(n));
    return true;
}

std::string HttpClient::read_chunks() {
    std::string body;
    for (;;) {
        while (buffer_.find("\r\n") == buffer_.npos)
            if (!fill()) return body;
        const std::size_t size = std::stoul(buffer_, nullptr, 16);
        buffer_.erase(0, buffer_.find("\r\n") + 2);
        while (buffer_.size() < size + 2)
            if (!fill()) return body;
        body += buffer_.substr(0, size);
        buffer_.erase(0, size + 2);
        if (size == 0) return body;
    }
}

Answer HttpClient::read(bool head) {
    while (buffer_.find("\r\n\r\n") == buffer_.npos) {
        if (!fill()) {
            close();
            return {};
        }
    }
    const std::size_t end = buffer_.find("\r\n\r\n");
    Answer answer = parse_head(buffer_.substr(0, end));
    buffer_.erase(0, end + 4);
    const bool bodiless = head || answer.status / 100 == 1 || answer.status == 204 || answer.status == 304;
    if (!bodiless && answer.field("transfer-encoding") == "chunked") {
        answer.body = read_chunks();
    } else if (!bodiless) {
        const std::size_t length = std::strtoul(answer.field("content-length").c_str(), nullptr, 10);
        while (buffer_.size() < length && fill()) continue;
        answer.body = buffer_.substr(0, length);
        buffer_.erase(0, answer.body.size());
    }
    if (answer.field("connection") == "close") close();
    return answer;
}

Answer HttpClient::raw(std::string_view bytes, bool head) {
    write(bytes);
    return read(head);
}

Answer HttpClient::send(std::string_view method, std::string_view target, const Fields& fields, std::string_view body) {
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: files.example\r\n");
    for (const auto& [name, value] : fields) request.append(name).append(": ").append(value).append("\r\n");
    const bool sends = !body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
    if (sends) request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    request.append("\r\n").append(body);
    return raw(request, method == "HEAD");
}

}  // namespace bodega::test
