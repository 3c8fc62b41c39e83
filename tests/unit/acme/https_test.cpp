#include "acme/https.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/fd.h"
#include "support/certificate.h"
#include "support/temp_folder.h"

using namespace bodega;
using namespace bodega::acme;

namespace {

const std::string kHead = "HTTP/1.1 200 OK\r\nReplay-Nonce: abc\r\n";

}  // namespace

TEST_CASE("an answer with a shorter body than its Content-Length is an error", "[acme]") {
    HttpsAnswer answer = parse_answer(kHead + "Content-Length: 3\r\n\r\nabcdef");
    CHECK(answer.status == 200);
    CHECK(answer.field("replay-nonce") == "abc");
    CHECK(answer.field("location").empty());
    CHECK(answer.body == "abc");
    CHECK(parse_answer(kHead + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n").body == "abcd");
    CHECK(parse_answer(kHead + "\r\nuntil its end").body == "until its end");
    CHECK(parse_answer("HTTP/1.0 404 no\r\n\r\n").status == 404);
}

TEST_CASE("an incomplete answer is an error", "[acme]") {
    for (const std::string& bytes :
         {std::string(), std::string("HTTP/1.1 200 OK\r\n"), std::string("SSH-2.0\r\n\r\n"),
          std::string("HTTP/1.1 x\r\n\r\n"), kHead + "Content-Length: 4\r\n\r\nabc",
          kHead + "Content-Length: -1\r\n\r\nabc", kHead + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc\r\n",
          kHead + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", kHead + "Transfer-Encoding: chunked\r\n\r\nx\r\n",
          kHead + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc"}) {
        INFO(bytes);
        CHECK_THROWS_AS(parse_answer(bytes), base::Error);
    }
}

TEST_CASE("URLs of authorities", "[acme]") {
    HttpsUrl plain = HttpsUrl::of("https://acme.example.org/dir?a=b");
    CHECK((plain.host == "acme.example.org" && plain.port == "443" && plain.target == "/dir?a=b"));
    HttpsUrl port = HttpsUrl::of("https://127.0.0.1:14000");
    CHECK((port.host == "127.0.0.1" && port.port == "14000" && port.target == "/"));
    HttpsUrl six = HttpsUrl::of("https://[::1]:8443/x");
    CHECK((six.host == "::1" && six.port == "8443"));
    CHECK(HttpsUrl::of("https://[::1]/x").port == "443");
    for (const char* bad : {"http://a/", "https://", "https:///x", "https://a:/", "https://a/\r\nX: y", "https://a b/"})
        CHECK_THROWS_AS(HttpsUrl::of(bad), base::Error);
}

TEST_CASE("a request to an authority that does not answer is cancelled when the node stops", "[acme]") {
    const test::TempFolder folder;
    const test::Authority authority(folder / "");
    const base::Fd silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(silent.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(silent.get(), 1) == 0);
    REQUIRE(::getsockname(silent.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    const auto began = base::Steady::now();
    int looks = 0;
    Https https(authority.file(), [&] { return ++looks < 3; });
    CHECK_THROWS_AS(https.get("https://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/dir"), base::Error);
    CHECK(looks == 3);
    CHECK(base::Steady::now() - began < std::chrono::seconds(5));
}

TEST_CASE("an unreadable CA bundle for the authority is an error", "[acme]") {
    CHECK_THROWS_AS(Https("/absent.pem", [] { return true; }), base::Error);
    CHECK_THROWS_AS(Https("/proc/self/status", [] { return true; }), base::Error);
}
