// TLS on the socket: handshakes, names, sessions, bytes both ways, and what is refused.
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "http/syntax.h"
#include "support/tls_edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

constexpr std::string_view kLive = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";

std::string lowered(std::string_view name) {
    std::string out(name);
    std::transform(out.begin(), out.end(), out.begin(), http::lower);
    return out;
}

TlsWishes of_version(int version) {
    TlsWishes wishes;
    wishes.version = version;
    return wishes;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3, and nothing older", "[edge][tls]") {
    TlsEdgeFixture fixture;
    for (auto [version, name] : {std::pair{TLS1_2_VERSION, "TLSv1.2"}, std::pair{TLS1_3_VERSION, "TLSv1.3"}}) {
        TlsClient client = fixture.client(of_version(version));
        REQUIRE(client.connected());
        CHECK(client.version() == name);
        for (int i = 0; i < 20; ++i) REQUIRE(client.ask(kLive).body == "ok\n");
    }
    for (int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        TlsWishes wishes = of_version(version);
        wishes.ciphers = "ALL:@SECLEVEL=0";
        CHECK_FALSE(fixture.client(wishes).connected());
    }
    CHECK(eventually([&] { return fixture->server().stats().tls_failed == 2; }));
    CHECK(fixture->server().stats().tls_full == 2);
    CHECK(fixture->server().stats().requests == 40);
}

TEST_CASE("ciphers without forward secrecy or authentication are refused", "[edge][tls]") {
    TlsEdgeFixture fixture;
    TlsWishes wishes = of_version(TLS1_2_VERSION);
    for (const char* cipher :
         {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
        wishes.ciphers = cipher;
        TlsClient client = fixture.client(wishes);
        REQUIRE(client.connected());
        CHECK(client.cipher() == cipher);
        CHECK(client.ask(kLive).status == 200);
    }
    for (const char* cipher : {"ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256"}) {
        wishes.ciphers = cipher;
        CHECK(fixture.client(wishes).alert() == SSL_AD_HANDSHAKE_FAILURE);
    }
}

TEST_CASE("the certificate is that of the name that is asked for", "[edge][tls]") {
    TempFolder folder;
    Authority authority(folder.path());
    Wanted a, wild, rsa;
    a.names = "DNS:a.example.org";
    wild.names = rsa.names = "DNS:*.example.net";
    rsa.key = "RSA";
    TlsEdgeFixture several([&](config::Edge& settings) {
        settings.tls.certificates = {authority.issue("first"), authority.issue("a", a), authority.issue("wild", wild),
                                     authority.issue("wild-rsa", rsa)};
    });
    auto shown_to = [&](const std::string& name, const std::string& ciphers = "") {
        TlsWishes wishes = of_version(TLS1_2_VERSION);
        wishes.name = name;
        wishes.ciphers = ciphers;
        TlsClient client = several.client(wishes);
        REQUIRE(client.connected());
        CHECK(client.ask(kLive).status == 200);
        return client.subject();
    };
    CHECK(shown_to("") == "first");
    CHECK(shown_to("nobody.example.com") == "first");
    CHECK(shown_to("a.example.org") == "a");
    CHECK(shown_to("A.Example.ORG") == "a");
    CHECK(shown_to("x.example.net") == "wild");
    CHECK(shown_to("x.example.net", "ECDHE-RSA-AES128-GCM-SHA256") == "wild-rsa");
    CHECK(shown_to("x.y.example.net") == "first");
}

TEST_CASE("the protocol is agreed on by ALPN", "[edge][tls]") {
    TlsEdgeFixture fixture;
    TlsWishes wishes;
    CHECK(fixture.client(wishes).protocol().empty());
    wishes.protocols = "\x08http/1.1";
    CHECK(fixture.client(wishes).protocol() == "http/1.1");
    wishes.protocols = "\x03xyz\x08http/1.1";
    CHECK(fixture.client(wishes).protocol() == "http/1.1");
    wishes.protocols = "\x08http/1.1\x02h2";
    CHECK(fixture.client(wishes).protocol() == "h2");  // the server's order decides
    TlsEdgeFixture plain([](config::Edge& settings) { settings.http2 = "off"; });
    CHECK(plain.client(wishes).protocol() == "http/1.1");
    wishes.protocols = "\x03xyz";
    CHECK(fixture.client(wishes).alert() == SSL_AD_NO_APPLICATION_PROTOCOL);
}

TEST_CASE("a returning client resumes its session, even after a change of certificates", "[edge][tls]") {
    TlsEdgeFixture fixture;
    for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsWishes wishes = of_version(version);
        wishes.name = "localhost";
        TlsClient first = fixture.client(wishes);
        REQUIRE(first.connected());
        CHECK_FALSE(first.resumed());
        REQUIRE(first.ask(kLive).status == 200);
        wishes.session = first.session();
        TlsClient second = fixture.client(wishes);
        CHECK(second.resumed());
        CHECK(second.ask(kLive).status == 200);
        fixture.authority().issue("localhost");
        fixture->server().reload_changed_certificates();
        CHECK(fixture.client(wishes).resumed());
    }
    CHECK(eventually([&] { return fixture->server().stats().tls_resumed == 4; }));
}

TEST_CASE("a session is not resumed under another server name", "[edge][tls]") {
    TlsEdgeFixture fixture;
    for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const char* begun : {"localhost", ""}) {
            TlsWishes wishes = of_version(version);
            wishes.name = begun;
            TlsClient first = fixture.client(wishes);
            REQUIRE(first.ask(kLive).status == 200);
            wishes.session = first.session();
            for (const char* other : {"other.example", "localhos", "localhost", "LocalHost", ""}) {
                INFO(version << ": " << begun << ", then " << other);
                wishes.name = other;
                TlsClient second = fixture.client(wishes);
                CHECK(second.resumed() == (lowered(other) == begun));
                CHECK(second.ask(kLive).status == 200);
            }
        }
    }
}

TEST_CASE("servers that share ticket keys resume each other's sessions, as long as the key is kept", "[edge][tls]") {
    TlsEdgeFixture one, other;
    auto begun = [&] {
        TlsClient client = one.client();
        REQUIRE(client.ask(kLive).status == 200);
        TlsWishes wishes;
        wishes.session = client.session();
        return wishes;
    };
    CHECK_FALSE(other.client(begun()).resumed());
    edge::TicketKey first = edge::TicketKey::random(), second = edge::TicketKey::random();
    one->server().set_ticket_keys({first});
    other->server().set_ticket_keys({second, first});
    TlsWishes old = begun();
    CHECK(other.client(old).resumed());
    // The other server issues a ticket of the new key for the old key's session.
    TlsClient renewed = other.client(old);
    REQUIRE(renewed.ask(kLive).status == 200);
    other->server().set_ticket_keys({second});
    CHECK_FALSE(other.client(old).resumed());
    old.session = renewed.session();
    CHECK(other.client(old).resumed());
}

TEST_CASE("bytes of every size pass both ways", "[edge][tls]") {
    TlsEdgeFixture fixture;
    Recorder recorder([](const Seen& seen) { return ok(seen.body); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClient client = fixture.client(of_version(version));
        for (std::size_t size : {0UL, 1UL, 16383UL, 16384UL, 16385UL, 300000UL, 3UL << 20}) {
            INFO(size);
            std::string bytes = random_bytes(size, 11);
            client.send("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
            client.send(bytes);
            REQUIRE(client.reply().body == bytes);
        }
    }
}

TEST_CASE("files pass over TLS, to slow readers and with small records, too", "[edge][tls]") {
    TlsEdgeFixture fixture;
    std::string bytes = random_bytes((5UL << 20) + 17, 12);
    fixture->blob("ab/cd/F", bytes);
    Recorder recorder([](const Seen&) { return ok("", "X-Accel-Redirect: /_blobs/ab/cd/F\r\n"); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    constexpr std::string_view kGet = "GET /api/f HTTP/1.1\r\nHost: h\r\n";
    for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (int fragment : {0, 1, 4}) {
            INFO("version " << version << ", fragment " << fragment);
            TlsWishes wishes = of_version(version);
            wishes.fragment = fragment;
            wishes.receive_buffer = 8192;
            TlsClient client = fixture.client(wishes);
            REQUIRE(client.connected());
            CHECK(client.ask(std::string(kGet) + "\r\n").body == bytes);
            CHECK(client.ask(std::string(kGet) + "Range: bytes=1000000-1099999\r\n\r\n").body ==
                  bytes.substr(1000000, 100000));
            CHECK(client.ask(std::string(kGet) + "Range: bytes=5-9,16384-40000\r\n\r\n").status == 206);
        }
    }
}

TEST_CASE("several slow readers at once each get their own bytes", "[edge][tls]") {
    TlsEdgeFixture fixture;
    constexpr std::size_t kClients = 8;
    std::vector<std::string> contents;
    for (std::size_t i = 0; i < kClients; ++i) {
        contents.push_back(random_bytes(2 << 20, static_cast<unsigned>(100 + i)));
        fixture->blob("ab/cd/" + std::to_string(i), contents.back());
    }
    Recorder recorder(
        [](const Seen& seen) { return ok("", "X-Accel-Redirect: /_blobs/ab/cd/" + seen.head.substr(9, 1) + "\r\n"); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    std::vector<std::unique_ptr<TlsClient>> clients;
    for (std::size_t i = 0; i < kClients; ++i) {
        TlsWishes wishes = of_version(i % 2 ? TLS1_2_VERSION : TLS1_3_VERSION);
        wishes.receive_buffer = 8192;
        wishes.fragment = static_cast<int>(i % 3);
        clients.push_back(std::make_unique<TlsClient>(fixture->url(), wishes));
        clients.back()->send("GET /api/" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    std::vector<std::string> got(kClients);
    for (auto& client : clients) client->receive_until("\r\n\r\n");
    for (bool more = true; more;) {
        more = false;
        for (std::size_t i = 0; i < kClients; ++i) {
            if (got[i].size() == contents[i].size()) continue;
            std::string some = clients[i]->receive(10000 + 1000 * i);
            REQUIRE(!some.empty());
            got[i] += some;
            more = true;
        }
    }
    CHECK(got == contents);
}

TEST_CASE("a request with one byte in each record, and a key update", "[edge][tls]") {
    TlsEdgeFixture fixture;
    Recorder recorder([](const Seen& seen) { return ok(seen.content()); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    TlsClient client = fixture.client();
    std::string bytes =
        "POST /api/v HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n";
    for (int round = 0; round < 2; ++round) {
        for (char c : bytes) client.send(std::string(1, c));
        CHECK(client.reply().body == "hello");
        client.renew_keys();
    }
}

TEST_CASE("close_notify is distinguished from a cut", "[edge][tls]") {
    TlsEdgeFixture fixture;
    RawUpstream app(fixture->socket(), [](Stream& stream) {
        while (auto seen = read_request(stream)) {
            bool cut = seen->head.starts_with("GET /api/cut");
            stream.send(cut ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal" : ok("whole"));
            if (cut) return;
        }
    });
    TlsClient whole = fixture.client();
    CHECK(whole.ask("GET /api/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").body == "whole");
    CHECK(whole.receive_all().empty());
    CHECK(whole.closed_well());
    TlsClient cut = fixture.client();
    CHECK_FALSE(cut.ask("GET /api/cut HTTP/1.1\r\nHost: h\r\n\r\n").whole);
    CHECK_FALSE(cut.closed_well());
}

TEST_CASE("a client that does not finish its handshake in time is disconnected", "[edge][tls]") {
    TlsEdgeFixture fixture([](config::Edge& settings) { settings.tls.handshake_timeout = 200ms; });
    RawClient silent(fixture->url());
    CHECK(silent.receive_all().empty());
    CHECK_FALSE(silent.timed_out());
    RawClient slow(fixture->url());
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 100 && slow.send(std::string(1, "\x16\x03\x01\x02"[i % 4])); ++i)
        std::this_thread::sleep_for(25ms);
    slow.receive_all();
    CHECK(std::chrono::steady_clock::now() - begin < 8s);
    CHECK(eventually([&] { return fixture->server().stats().open_connections == 0; }));
    TlsClient ordinary = fixture.client();
    CHECK(ordinary.ask(kLive).status == 200);
    // The deadline was only for the handshake.
    std::this_thread::sleep_for(300ms);
    CHECK(ordinary.ask(kLive).status == 200);
}

TEST_CASE("plain HTTP on a TLS port is refused", "[edge][tls]") {
    TlsEdgeFixture fixture;
    RawClient plain(fixture->url());
    Reply reply = plain.ask(kLive);
    CHECK(reply.status == 400);
    CHECK(reply.body == "This port speaks HTTPS: use https:// in the address.\n");
    CHECK(plain.receive_all().empty());
    for (const std::string& bytes :
         {std::string(100, '\0'), std::string("\x16\x03\x01\xff\xff") + random_bytes(70000, 1),
          std::string("SSH-2.0-x\r\n")}) {
        RawClient client(fixture->url());
        client.send(bytes);
        client.end_sending();
        client.receive_all();
        CHECK_FALSE(client.timed_out());
    }
    CHECK(eventually([&] { return fixture->server().stats().open_connections == 0; }));
    CHECK(fixture.client().ask(kLive).status == 200);
}

TEST_CASE("only answers over TLS have Strict-Transport-Security", "[edge][tls]") {
    TlsEdgeFixture fixture([](config::Edge& settings) {
        settings.listen.push_back("http://127.0.0.1:0");
        settings.tls.hsts = std::chrono::hours(24 * 365);
    });
    CHECK(fixture.client().ask(kLive).field("strict-transport-security") == "max-age=31536000");
    CHECK(RawClient(fixture->server().urls()[1]).ask(kLive).field("strict-transport-security").empty());
    TlsEdgeFixture without;
    CHECK(without.client().ask(kLive).field("strict-transport-security").empty());
}

TEST_CASE("an https URL is a target over TLS and by a trusted proxy, not on a plain connection", "[edge][tls]") {
    TlsEdgeFixture fixture([](config::Edge& settings) { settings.listen.push_back("http://127.0.0.1:0"); });
    Recorder recorder([](const Seen&) { return ok("hi"); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    const std::string plain = fixture->server().urls()[1];
    for (const char* target : {"https://h/api/x", "https://h:443/api/x", "HTTPS://h/api/x", "http://h/api/x"}) {
        INFO(target);
        const std::string asked = std::string("GET ") + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
        CHECK(fixture.client().ask(asked).body == "hi");
        CHECK(recorder.seen().back().head.starts_with("GET /api/x HTTP/1.1\r\nHost: h"));
        CHECK(RawClient(plain).ask(asked).status == (lowered(target).starts_with("https") ? 400 : 200));
    }
    CHECK(fixture.client().ask("GET https://other/api/x HTTP/1.1\r\nHost: h\r\n\r\n").status == 400);
    CHECK(fixture.client().ask("GET https://h:80/api/x HTTP/1.1\r\nHost: h\r\n\r\n").status == 400);
    config::Edge settings = EdgeFixture::quick();
    settings.trusted_proxies = {"127.0.0.0/8"};
    EdgeFixture behind(settings);
    RawUpstream its_app(behind.socket(), std::ref(recorder));
    CHECK(behind.client().ask("GET https://h/api/x HTTP/1.1\r\nHost: h\r\n\r\n").body == "hi");
}

TEST_CASE("plain requests are redirected to the TLS port", "[edge][tls]") {
    TlsEdgeFixture fixture([](config::Edge& settings) { settings.listen.push_back("http://127.0.0.1:0 redirect"); });
    Recorder recorder([](const Seen&) { return ok("reached"); });
    RawUpstream app(fixture->socket(), std::ref(recorder));
    std::string port = fixture->url().substr(fixture->url().rfind(':'));
    RawClient client(fixture->server().urls()[1]);
    Reply reply = client.ask("GET /f/a%20b?x=y HTTP/1.1\r\nHost: files.example.org:8080\r\n\r\n");
    CHECK(reply.status == 308);
    CHECK(reply.field("location") == "https://files.example.org" + port + "/f/a%20b?x=y");
    CHECK(client.ask("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").field("location") == "https://[::1]" + port + "/");
    CHECK(client.ask("GET http://h/x HTTP/1.1\r\nHost: h\r\n\r\n").field("location") == "https://h" + port + "/x");
    CHECK(client.ask(kLive).status == 200);
    CHECK(client.ask("PUT /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi").status == 308);
    CHECK(recorder.seen().empty());
}

TEST_CASE("plain requests are redirected to the port that clients know", "[edge][tls]") {
    TlsEdgeFixture fixture([](config::Edge& settings) {
        settings.listen.insert(settings.listen.end(),
                               {"http://127.0.0.1:0 redirect=443", "http://127.0.0.1:0 redirect=444"});
    });
    auto location = [&](std::size_t listener) {
        RawClient client(fixture->server().urls()[listener]);
        return client.ask("GET /x HTTP/1.1\r\nHost: files.example.org:8080\r\n\r\n").field("location");
    };
    CHECK(location(1) == "https://files.example.org/x");
    CHECK(location(2) == "https://files.example.org:444/x");
}

// While it runs, no file can be opened.
template <class Call>
void without_descriptors(Call call) {
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlimit none{3, limit.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    call();
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

TEST_CASE("new certificates are used without dropping a connection, bad ones are not used", "[edge][tls]") {
    TlsEdgeFixture fixture;
    auto serial = [&] {
        TlsClient client = fixture.client();
        REQUIRE(client.ask(kLive).status == 200);
        return client.serial();
    };
    TlsClient early = fixture.client();
    REQUIRE(early.ask(kLive).status == 200);
    const long before = serial();
    fixture->server().reload_changed_certificates();
    CHECK(serial() == before);
    fixture.authority().issue("localhost");
    CHECK(serial() == before);
    fixture->server().reload_changed_certificates();
    const long after = serial();
    CHECK(after != before);
    for (const char* name : {"localhost.key", "localhost.pem"}) {
        std::ofstream(fixture.folder() + "/" + name) << "nonsense";
        fixture->server().reload_changed_certificates();
        CHECK(serial() == after);
    }
    std::filesystem::remove(fixture.folder() + "/localhost.pem");
    fixture->server().reload_changed_certificates();
    CHECK(serial() == after);
    // Renewed, but readable only a moment later, as when certbot's hook sets the key's owner.
    fixture.authority().issue("localhost");
    without_descriptors([&] { fixture->server().reload_changed_certificates(); });
    CHECK(serial() == after);
    fixture->server().reload_changed_certificates();
    const long later = serial();
    CHECK(later != after);
    fixture.authority().issue("localhost");
    fixture->server().reload_changed_certificates();
    CHECK(serial() != later);
    CHECK(early.ask(kLive).status == 200);
    CHECK(early.serial() == before);
}

TEST_CASE("a certificate that can't be served is an error at the start", "[edge][tls]") {
    try {
        TlsEdgeFixture fixture([](config::Edge& settings) { settings.tls.certificates = {"/absent.pem /absent.key"}; });
        FAIL("it started");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::config_invalid);
        CHECK(std::string_view(error.what()).starts_with("edge.tls.certificates: /absent.pem can't be read: "));
    }
}

TEST_CASE("a connection over a limit is closed without a handshake", "[edge][tls]") {
    TlsEdgeFixture fixture([](config::Edge& settings) { settings.max_connections_per_address = 1; });
    TlsClient first = fixture.client();
    REQUIRE(first.ask(kLive).status == 200);
    CHECK_FALSE(fixture.client().connected());
    CHECK(fixture->server().stats().refused_of_address == 1);
}

TEST_CASE("a drain ends TLS connections, even during their handshake", "[edge][tls]") {
    TlsEdgeFixture fixture;
    RawClient begun(fixture->url());
    TlsClient idle = fixture.client();
    REQUIRE(idle.ask(kLive).status == 200);
    REQUIRE(eventually([&] { return fixture->server().stats().open_connections == 2; }));
    CHECK(fixture->server().drain(8s));
    CHECK(idle.receive_all().empty());
    CHECK(idle.closed_well());
}

TEST_CASE("a reload applies TLS, certificates and redirects, or changes nothing", "[edge][tls]") {
    TempFolder folder;
    Authority authority(folder.path());
    config::Edge settings = EdgeFixture::quick();
    EdgeFixture fixture(settings);
    settings.listen.insert(settings.listen.end(), {"https://127.0.0.1:0", "http://127.0.0.1:0 redirect"});
    settings.tls.certificates = {authority.issue("one")};
    settings.tls.hsts = 60s;
    fixture.server().reload(settings);
    const std::vector<std::string> urls = fixture.server().urls();
    REQUIRE(urls.size() == 3);
    TlsClient early(urls[1]);
    CHECK(early.ask(kLive).field("strict-transport-security") == "max-age=60");
    CHECK(early.subject() == "one");
    CHECK(RawClient(urls[2]).ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").field("location") ==
          "https://h" + urls[1].substr(urls[1].rfind(':')) + "/");

    TlsWishes wishes;
    wishes.session = early.session();
    settings.tls.certificates = {authority.issue("two")};
    fixture.server().reload(settings);
    CHECK(TlsClient(urls[1]).subject() == "two");
    CHECK(TlsClient(urls[1], wishes).resumed());
    settings.tls.certificates = {"/absent.pem /absent.key"};
    CHECK_THROWS_AS(fixture.server().reload(settings), base::Error);
    CHECK(TlsClient(urls[1]).subject() == "two");
    CHECK(early.ask(kLive).status == 200);

    settings.listen.resize(1);
    fixture.server().reload(settings);
    CHECK(early.ask(kLive).status == 200);
    CHECK(fixture.client().ask(kLive).status == 200);
    CHECK_THROWS(TlsClient(urls[1]));
}
