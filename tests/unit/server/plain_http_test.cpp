// A service that answers badly never blocks longer than the limit, and an incomplete answer is never used.
#include "server/plain_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "base/error.h"
#include "base/fd.h"

namespace bodega::server {
namespace {

// Sends one text to one caller, then closes the connection, or leaves it open until the destructor.
class Service {
public:
    enum class After : bool { closes, waits };

    Service(std::string says, After after) : says_(std::move(says)), after_(after) {
        listener_ = base::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(listener_.get(), 4) == 0);
        REQUIRE(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Service() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    const std::string& heard() const { return heard_; }  // once it was answered

private:
    void serve() {
        const base::Fd caller(::accept(listener_.get(), nullptr, nullptr));
        if (!caller) return;
        std::array<char, 4096> buffer{};
        while (heard_.find("\r\n\r\n") == heard_.npos) {
            const ssize_t got = ::recv(caller.get(), buffer.data(), buffer.size(), 0);
            if (got <= 0) return;
            heard_.append(buffer.data(), static_cast<std::size_t>(got));
        }
        ::send(caller.get(), says_.data(), says_.size(), MSG_NOSIGNAL);
        if (after_ == After::waits) ::recv(caller.get(), buffer.data(), buffer.size(), 0);
    }

    const std::string says_;
    const After after_;
    base::Fd listener_;
    int port_ = 0;
    std::string heard_;
    std::thread thread_;
};

constexpr std::chrono::milliseconds kLong{20'000}, kShort{150};

std::string refused(const std::string& says, Service::After after, std::chrono::milliseconds limit) {
    const Service service(says, after);
    try {
        PlainHttp(service.url(), limit).ask("GET", "/", {});
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::unavailable);
        return error.what();
    }
    return "not refused";
}

}  // namespace

TEST_CASE("a complete answer is read, with a length or until the connection ends", "[server]") {
    {
        Service service("HTTP/1.1 200 OK\r\ncontent-length:  5 \r\n\r\nhello", Service::After::waits);
        const PlainAnswer answer = PlainHttp(service.url(), kLong).ask("PUT", "/t", {{"X-A", "b"}});
        CHECK(answer.status == 200);
        CHECK(answer.body == "hello");
        CHECK(service.heard() == "PUT /t HTTP/1.1\r\nHost: " + service.url().substr(7) +
                                     "\r\nX-A: b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    Service service("HTTP/1.0 404 Not Found\r\n\r\nno", Service::After::closes);
    const PlainAnswer answer = PlainHttp(service.url(), kLong).ask("GET", "/", {});
    CHECK(answer.status == 404);
    CHECK(answer.body == "no");
}

TEST_CASE("an incomplete answer is refused", "[server]") {
    CHECK(refused("", Service::After::closes, kLong) == "the answer ended in its head");
    CHECK(refused("HTTP/1.1 200 OK\r\n", Service::After::closes, kLong) == "the answer ended in its head");
    CHECK(refused("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Service::After::closes, kLong) ==
          "the answer ended in its body");
    CHECK(refused("SSH-2.0-x\r\n\r\n", Service::After::closes, kLong) == "the answer is not HTTP");
    CHECK(refused("HTTP/1.1 200 OK\r\n\r\n" + std::string(20'000, 'x'), Service::After::closes, kLong) ==
          "the answer is too large");
}

TEST_CASE("a server that does not answer is not waited for beyond the limit", "[server]") {
    CHECK(refused("", Service::After::waits, kShort) == "no answer in time");
    CHECK(refused("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Service::After::waits, kShort) ==
          "no answer in time");
    std::string url;
    { url = Service("", Service::After::closes).url(); }
    CHECK_THROWS_AS(PlainHttp(url, kLong).ask("GET", "/", {}), base::Error);
}

}  // namespace bodega::server
