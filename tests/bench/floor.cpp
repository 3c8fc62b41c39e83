// Measures the minimum cost of a small answer: a loop that reads no request and has one constant answer, or that copies
// bytes between a client and an upstream connection. All its work is the kernel's, so no server that reads each request
// from a socket of its own can cost less.
//
//   floor PORT             answers any bytes
//   floor PORT UPSTREAM    copies to a port of this machine, one upstream connection for each client
//
// Runs on 127.0.0.1 with one thread until it is killed. Only for the bench: its clients must send one request at a
// time.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
    "X-Request-Id: 01KE0000000000000000000000\r\n\r\nok\n";

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int listen_on(int port) {
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address = loopback(port);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 511) != 0)
        fail("listen");
    return fd;
}

int connect_to(int port) {
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(port);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
    return fd;
}

class Floor {
public:
    Floor(int port, int upstream) : listener_(listen_on(port)), upstream_(upstream) { watch(listener_); }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events{};
        for (;;) {
            int n = ::epoll_wait(epoll_, events.data(), events.size(), -1);
            for (int i = 0; i < n; ++i) {
                int fd = events[static_cast<std::size_t>(i)].data.fd;
                fd == listener_ ? accept() : pass_on(fd);
            }
        }
    }

private:
    void watch(int fd) {
        int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{};
        event.events = EPOLLIN | EPOLLET;
        event.data.fd = fd;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
    }

    int& peer_of(int fd) {
        auto i = static_cast<std::size_t>(fd);
        if (peers_.size() <= i) peers_.resize(i + 1, -1);
        return peers_[i];
    }

    void accept() {
        for (int fd; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; watch(fd)) {
            peer_of(fd) = -1;
            if (upstream_ == 0) continue;
            int peer = connect_to(upstream_);
            peer_of(peer) = fd;
            peer_of(fd) = peer;
            watch(peer);
        }
    }

    void pass_on(int fd) {
        std::array<char, 16 << 10> bytes;
        ssize_t n = ::recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (n < 0) return;
        int peer = peer_of(fd);
        if (n == 0) {
            if (peer >= 0) ::close(peer);
            ::close(fd);
        } else if (peer >= 0) {
            ::send(peer, bytes.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL);
        } else {
            ::send(fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
        }
    }

    const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    const int listener_;
    const int upstream_;
    std::vector<int> peers_;  // by descriptor; -1: none
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: floor PORT [UPSTREAM]\n", stderr);
        return 2;
    }
    Floor(std::atoi(argv[1]), argc > 2 ? std::atoi(argv[2]) : 0).run();
}
