#include "server/plain_http.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "base/fd.h"

namespace bodega::server {
namespace {

using Until = base::Steady::time_point;

constexpr std::string_view kScheme = "http://";

[[noreturn]] void fail(const std::string& why) { throw base::Error(base::Code::unavailable, why); }

void await(int fd, short events, Until until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - base::Steady::now()).count();
    pollfd watched{fd, events, 0};
    if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0) fail("no answer in time");
}

base::Fd connect_to(const addrinfo& address, Until until) {
    base::Fd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) throw base::system_error("open a socket", errno);
    if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
        if (errno != EINPROGRESS) fail("no connection");
        await(fd.get(), POLLOUT, until);
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) fail("no connection");
    }
    return fd;
}

void send_all(int fd, std::string_view bytes, Until until) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN) await(fd, POLLOUT, until);
        else if (errno != EINTR) fail("the connection broke");
    }
}

// False at the end of the stream.
bool receive_more(int fd, std::string& into, Until until) {
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
        if (into.size() > PlainHttp::kMostBytes) fail("the answer is too large");
        if (got >= 0) return got > 0;
        if (errno == EAGAIN) await(fd, POLLIN, until);
        else if (errno != EINTR) fail("the connection broke");
    }
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value = 0;
    auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    return error == std::errc() && end == text.end() ? std::optional(value) : std::nullopt;
}

std::optional<std::size_t> content_length(std::string_view head) {
    constexpr std::string_view kName = "content-length:";
    while (!head.empty()) {
        std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(line.size() + 2, head.size()));
        if (line.size() < kName.size() || ::strncasecmp(line.data(), kName.data(), kName.size()) != 0) continue;
        line.remove_prefix(kName.size());
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        return number<std::size_t>(line.substr(0, line.find_last_not_of(" \t") + 1));
    }
    return std::nullopt;
}

PlainAnswer receive_answer(int fd, Until until) {
    std::string all;
    std::size_t end;
    while ((end = all.find("\r\n\r\n")) == all.npos)
        if (!receive_more(fd, all, until)) fail("the answer ended in its head");
    const auto status = all.starts_with("HTTP/1.") ? number<int>(std::string_view(all).substr(9, 3)) : std::nullopt;
    if (!status) fail("the answer is not HTTP");
    const auto length = content_length(std::string_view(all).substr(0, end + 2));
    while (!length || all.size() < end + 4 + *length)
        if (!receive_more(fd, all, until)) break;
    if (length && all.size() < end + 4 + *length) fail("the answer ended in its body");
    return {*status, all.substr(end + 4, length.value_or(all.npos))};
}

}  // namespace

PlainHttp::PlainHttp(std::string_view url, std::chrono::milliseconds limit)
    : authority_(url.substr(std::min(kScheme.size(), url.size()))), limit_(limit) {
    const std::size_t colon = authority_.rfind(':');
    const bool has_port = colon != authority_.npos && authority_.find(']', colon) == authority_.npos;
    host_ = authority_.substr(0, has_port ? colon : authority_.npos);
    port_ = has_port ? authority_.substr(colon + 1) : "80";
    if (host_.starts_with('[') && host_.ends_with(']')) host_ = host_.substr(1, host_.size() - 2);
}

PlainAnswer PlainHttp::ask(std::string_view method, std::string_view path,
                           const std::vector<std::pair<std::string_view, std::string>>& fields) const {
    const Until until = base::Steady::now() + limit_;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found) != 0) fail("no address for " + host_);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
    const base::Fd fd = connect_to(*found, until);
    std::string head;
    head.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(authority_).append("\r\n");
    for (const auto& [name, value] : fields) head.append(name).append(": ").append(value).append("\r\n");
    if (method == "PUT") head += "Content-Length: 0\r\n";
    send_all(fd.get(), head + "Connection: close\r\n\r\n", until);
    return receive_answer(fd.get(), until);
}

}  // namespace bodega::server
