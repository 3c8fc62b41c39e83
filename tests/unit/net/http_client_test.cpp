// A server that answers badly never blocks longer than the timeout and never costs more than the limit, and an
// incomplete response is never used.
#include "net/http_client.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <thread>

#include "base/error.h"
#include "net/tls_client_context.h"
#include "support/certificate.h"
#include "support/listening_socket.h"
#include "support/scripted_server.h"
#include "support/temp_folder.h"

namespace bodega::net {
namespace {

using Catch::Matchers::ContainsSubstring;
using std::chrono::milliseconds;
using test::ScriptedServer;
using Client = ScriptedServer::Client;

constexpr milliseconds kLong{20'000}, kShort{300};
constexpr std::size_t kMax = 16 << 10;

HttpClient plain(milliseconds timeout = kLong) {
    return HttpClient({.timeout = timeout, .max_response = kMax, .tls = nullptr, .continues = nullptr});
}

HttpResponse get(const std::string& bytes) {
    const ScriptedServer server([&](const Client& client) { client.send(bytes); });
    return plain().send({"GET", server.url() + "/", {}, {}});
}

std::string refused(const HttpClient& client, const std::string& url) {
    try {
        client.send({"GET", url, {}, {}});
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::unavailable);
        return error.what();
    }
    return "not refused";
}

std::string refused(const std::string& bytes) {
    const ScriptedServer server([&](const Client& client) { client.send(bytes); });
    return refused(plain(), server.url());
}

void check_in_time(const HttpClient& client, const std::string& url) {
    const auto began = base::Steady::now();
    CHECK_THAT(refused(client, url), ContainsSubstring("did not answer in time"));
    CHECK(base::Steady::now() - began < std::chrono::seconds(10));
}

struct TlsFixture {
    HttpClient client(milliseconds timeout = kLong) const {
        return HttpClient({timeout, kMax, make_tls_client_context(authority.file()), nullptr});
    }

    const test::TempFolder folder;
    test::Authority authority{folder / ""};
};

}  // namespace

TEST_CASE("a request has its fields and its body, and a response its status, fields and body", "[net]") {
    const ScriptedServer server([](const Client& client) {
        client.send("HTTP/1.1 201 Created\r\nReplay-Nonce: a%20b-_\r\ncontent-length:  5 \r\n\r\nhello and more");
        client.wait();
    });
    const HttpResponse response = plain().send({"PUT", server.url() + "/t?a=%2F", {{"X-A", "b c"}}, "four"});
    CHECK(response.status == 201);
    CHECK(response.body == "hello");
    CHECK(response.field("replay-NONCE") == "a b-_");
    CHECK(response.field("location").empty());
    CHECK(server.heard().starts_with("PUT /t?a=%2F HTTP/1.1\r\n"));
    for (const std::string& line : {"Host: " + server.url().substr(7), std::string("X-A: b c"),
                                    std::string("Content-Length: 4"), std::string("Connection: close")})
        CHECK_THAT(server.heard(), ContainsSubstring("\r\n" + line + "\r\n"));
}

TEST_CASE("a response is complete by its length, its last chunk or the end of the connection", "[net]") {
    CHECK(get("HTTP/1.0 404 Not Found\r\n\r\nno").body == "no");
    CHECK(get("HTTP/1.0 404 Not Found\r\n\r\nno").status == 404);
    CHECK(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n").body ==
          "abcd");
    CHECK(get("HTTP/1.1 204 No Content\r\n\r\n").body.empty());
    CHECK(get("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").status == 302);
}

TEST_CASE("a response to HEAD has no body, whatever its fields say", "[net]") {
    const ScriptedServer server([](const Client& client) {
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        client.wait();
    });
    CHECK(plain().send({"HEAD", server.url(), {}, {}}).body.empty());
}

TEST_CASE("an incomplete response is refused", "[net]") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    for (const std::string& bytes : {std::string(), head, head + "Content-Length: 9\r\n\r\nhello",
                                     head + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc\r\n",
                                     head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
        INFO(bytes);
        CHECK_THAT(refused(bytes), ContainsSubstring("closed the connection before its response was complete"));
    }
}

TEST_CASE("a response that is not HTTP is refused", "[net]") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    for (const std::string& bytes :
         {std::string("SSH-2.0-x\r\n\r\n"), std::string("HTTP/1.1 x\r\n\r\n"), head + "Content-Length: -1\r\n\r\nabc",
          head + "no colon\r\n\r\n", head + "Transfer-Encoding: chunked\r\n\r\nx\r\n",
          head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc"}) {
        INFO(bytes);
        CHECK_THAT(refused(bytes), ContainsSubstring("did not answer with valid HTTP"));
    }
}

TEST_CASE("an interim response is not taken for the answer", "[net]") {
    CHECK_THAT(refused("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
               ContainsSubstring("sent an interim response only"));
}

TEST_CASE("an endless head is not read to its end", "[net]") {
    for (const std::string& part : {std::string("X: y\r\n"), std::string("x")}) {
        INFO(part);
        const ScriptedServer server([&](const Client& client) {
            bool goes_on = client.send("HTTP/1.1 200 OK\r\n");
            while (goes_on) goes_on = client.send(part);
        });
        const std::string why = refused(plain(), server.url());
        // cpp-httplib refuses more than 100 fields by itself.
        CHECK((why.ends_with("is too large") || why.ends_with("did not answer with valid HTTP")));
    }
}

TEST_CASE("an endless status line is not read to its end", "[net]") {
    CHECK_THAT(refused("HTTP/1.1 200 " + std::string(20'000, 'x')), ContainsSubstring("is too large"));
    CHECK_THAT(refused("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 " + std::string(10'000, 'x') + "\r\n\r\n"),
               ContainsSubstring("is too large"));
}

TEST_CASE("an endless body is not read to its end", "[net]") {
    for (const char* framing : {"", "Content-Length: 9000000000000000000\r\n", "Transfer-Encoding: chunked\r\n"}) {
        INFO(framing);
        const ScriptedServer server([&](const Client& client) {
            bool goes_on = client.send("HTTP/1.1 200 OK\r\n" + std::string(framing) + "\r\n");
            while (goes_on) goes_on = client.send("400\r\n" + std::string(0x400, 'x') + "\r\n");
        });
        CHECK_THAT(refused(plain(), server.url()), ContainsSubstring("is too large"));
    }
}

TEST_CASE("a response of the largest size is read, and one byte more is refused", "[net]") {
    const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
    CHECK(get(head + std::string(kMax - head.size(), 'x')).body.size() == kMax - head.size());
    CHECK_THAT(refused(head + std::string(kMax - head.size() + 1, 'x')), ContainsSubstring("is too large"));
}

TEST_CASE("a server that is silent or trickles is not waited for beyond the timeout", "[net]") {
    for (const std::string& said : {std::string(), std::string("HTTP/1.1 200 OK\r\n"),
                                    std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")}) {
        INFO("silent after: " << said);
        const ScriptedServer server([&](const Client& client) {
            client.send(said);
            client.wait();
        });
        check_in_time(plain(kShort), server.url());
    }
    for (const std::string& said :
         {std::string("HTTP/1.1 200 OK\r\nX: "), std::string("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")}) {
        INFO("trickles after: " << said);
        const ScriptedServer server([&](const Client& client) {
            bool goes_on = client.send(said);
            while (goes_on) {
                goes_on = client.send("x");
                std::this_thread::sleep_for(milliseconds(20));
            }
        });
        check_in_time(plain(kShort), server.url());
    }
}

TEST_CASE("a server that reads nothing is not waited for beyond the timeout", "[net]") {
    const test::ListeningSocket silence;  // nobody accepts its connections
    CHECK_THROWS_AS(plain(kShort).send({"POST", "http://" + silence.authority(), {}, std::string(32 << 20, 'x')}),
                    base::Error);
}

TEST_CASE("a handshake that does not end is not waited for beyond the timeout", "[net]") {
    const TlsFixture fixture;
    const test::ListeningSocket silence;  // nobody accepts its connections
    check_in_time(fixture.client(kShort), "https://" + silence.authority() + "/");
}

TEST_CASE("a request is aborted when its owner does not need it any more", "[net]") {
    const test::ListeningSocket silence;  // nobody accepts its connections
    int checks = 0;
    const HttpClient client({kLong, kMax, nullptr, [&] { return ++checks < 3; }});
    const auto began = base::Steady::now();
    CHECK_THAT(refused(client, "http://" + silence.authority() + "/"), ContainsSubstring("was aborted"));
    CHECK(checks == 3);
    CHECK(base::Steady::now() - began < std::chrono::seconds(5));
}

TEST_CASE("a server that is not there is an error", "[net]") {
    std::string url;
    {
        url = ScriptedServer([](const Client&) {}).url();
    }
    CHECK_THAT(refused(plain(), url), ContainsSubstring("can't connect to 127.0.0.1:"));
    CHECK_THAT(refused(plain(), "http://absent.invalid/"),
               ContainsSubstring("can't find an address of absent.invalid"));
}

TEST_CASE("a server with a trusted certificate for its name is answered", "[net]") {
    TlsFixture fixture;
    const ScriptedServer server(
        [](const Client& client) { client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); },
        fixture.authority.issue("both"));
    for (const char* host : {"127.0.0.1", "localhost"})
        CHECK(fixture.client().send({"GET", server.url(host) + "/", {}, {}}).body == "ok");
}

TEST_CASE("a server with a wrong certificate hears no request", "[net]") {
    TlsFixture fixture;
    const auto script = [](const Client& client) { client.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); };
    const test::TempFolder elsewhere;
    test::Authority stranger(elsewhere / "");
    test::Wanted other_name, expired;
    other_name.names = "DNS:other.example,IP:127.0.0.2";
    expired.from_days = -3;
    expired.to_days = -1;
    for (const std::string& certificate : {stranger.issue("untrusted"), fixture.authority.issue("name", other_name),
                                           fixture.authority.issue("expired", expired)}) {
        INFO(certificate);
        const ScriptedServer server(script, certificate);
        for (const char* host : {"127.0.0.1", "localhost"})
            CHECK_THAT(refused(fixture.client(), server.url(host)),
                       ContainsSubstring("no TLS with " + std::string(host)));
        CHECK(server.heard().empty());
    }
}

TEST_CASE("a TLS connection that is cut off is no end of a response", "[net]") {
    TlsFixture fixture;
    const ScriptedServer server([](const Client& client) { client.send("HTTP/1.1 200 OK\r\n\r\nhalf of"); },
                                fixture.authority.issue("cut"));
    CHECK_THAT(refused(fixture.client(), server.url()), ContainsSubstring("broke"));
}

TEST_CASE("a client without authorities sends nothing over TLS", "[net]") {
    CHECK_THROWS_AS(plain().send({"GET", "https://127.0.0.1:1/", {}, {}}), base::Error);
}

TEST_CASE("a field cannot add another one", "[net]") {
    for (const char* value : {"a\r\nX: y", "a\nX: y"})
        CHECK_THROWS_AS(plain().send({"GET", "http://127.0.0.1:1/", {{"X-A", value}}, {}}), base::Error);
}

TEST_CASE("a file without a certificate is no set of authorities", "[net]") {
    CHECK_THROWS_AS(make_tls_client_context("/absent.pem"), base::Error);
    CHECK_THROWS_AS(make_tls_client_context("/proc/self/status"), base::Error);
}

}  // namespace bodega::net
