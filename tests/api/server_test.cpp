// The server itself: addresses, trusted proxies, many connections on few threads, and its stop.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <thread>

#include "base/error.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::Answer;
using test::AppServer;
using test::HttpClient;

constexpr auto kSoon = std::chrono::seconds(5);

web::Server::Options tcp_options() {
    web::Server::Options options;
    options.app.listen = "127.0.0.1:0";
    options.app.threads = 4;
    return options;
}

std::string address_of(const web::Server& server) { return "127.0.0.1:" + std::to_string(server.port()); }

// The only network that the throttle has counted.
std::string counted_address(AppServer& app) {
    auto connection = app.catalog().pool().acquire();
    const db::Sql sql{"test.subject", "SELECT subject FROM attempts WHERE subject LIKE 'network %'"};
    auto& row = connection->query(sql);
    std::string subject = row.next() ? std::string(row.text(0)) : std::string();
    row.reset();
    const db::Sql clear{"test.clear", "DELETE FROM attempts"};
    connection->execute(clear);
    return subject;
}

}  // namespace

TEST_CASE("idle connections hold no thread") {
    AppServer app(db::Dialect::sqlite);  // 8 threads
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 100; ++i) {
        clients.push_back(std::make_unique<HttpClient>(app.address()));
        REQUIRE(clients.back()->send("GET", "/livez").status == 200);
    }
    const auto begin = std::chrono::steady_clock::now();
    for (auto& client : clients) REQUIRE(client->send("GET", "/livez").status == 200);
    CHECK(std::chrono::steady_clock::now() - begin < kSoon);
    std::this_thread::sleep_for(std::chrono::milliseconds(150));  // all are parked by now
    for (auto& client : clients) {
        CHECK(client->is_open());
        REQUIRE(client->send("GET", "/livez").status == 200);
    }
}

TEST_CASE("connections that send their head slowly do not delay others for long") {
    AppServer app(db::Dialect::sqlite);
    HttpClient slow(app.address()), quick(app.address());
    slow.write("GET /livez HTTP/1.1\r\nHo");
    CHECK(quick.send("GET", "/livez").status == 200);
    slow.write("st: x\r\n\r\n");
    CHECK(slow.read().status == 200);
}

TEST_CASE("slow uploads delay nobody else") {
    AppServer app(db::Dialect::sqlite);
    test::Caller ana = app.person("ana");
    web::Server::Options options = tcp_options();
    options.app.threads = 2;
    options.app.uploads = 5;
    web::Server server(app.services(), options);
    server.start();
    const std::string target = "/api/v1/entries/" + app.root_of("ana") + "/files/";
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<HttpClient>(address_of(server)));
        clients.back()->write("PUT " + target + std::to_string(i) + " HTTP/1.1\r\nHost: files.example\r\nCookie: " +
                              ana.cookie + "\r\nOrigin: http://files.example\r\nContent-Length: 100000\r\n\r\nfirst");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const HttpClient::Fields fields = {{"Cookie", ana.cookie}, {"Origin", "http://files.example"}};
    const Answer sixth = HttpClient(address_of(server)).send("PUT", target + "sixth", fields, "x");
    CHECK(sixth.status == 503);
    CHECK(sixth.field("retry-after") == "5");
    CHECK(HttpClient(address_of(server)).send("GET", "/api/v1/spaces", fields).status == 200);
    for (auto& client : clients) client->write(std::string(100000 - 5, 'x'));
    for (auto& client : clients) CHECK(client->read().status == 201);
    CHECK(HttpClient(address_of(server)).send("PUT", target + "sixth", fields, "x").status == 201);
}

TEST_CASE("only a trusted proxy can name the client") {
    AppServer app(db::Dialect::sqlite);
    const std::string body = R"({"username":"nobody","password":"wrong wrong wrong"})";
    const HttpClient::Fields fields = {{"X-Forwarded-For", "198.51.100.9, 192.0.2.1, 10.0.0.7"},
                                       {"X-Request-Id", "theirs"},
                                       {"X-Bodega-Proxy-Secret", "s3cret"},
                                       {"Content-Type", "application/json"}};
    auto ask = [&](std::vector<std::string> trusted, const std::string& secret = "s3cret") {
        web::Server::Options options = tcp_options();
        options.app.trusted_proxies = std::move(trusted);
        options.proxy_secret = secret;
        web::Server server(app.services(), options);
        server.start();
        return HttpClient(address_of(server)).send("POST", "/api/v1/session", fields, body).field("x-request-id");
    };
    CHECK(ask({}) != "theirs");
    CHECK(counted_address(app) == "network 127.0.0.1");
    CHECK(ask({"127.0.0.0/8"}) == "theirs");
    CHECK(counted_address(app) == "network 10.0.0.7");
    CHECK(ask({"127.0.0.0/8"}, "another") != "theirs");
    CHECK(ask({"127.0.0.0/8"}, "") != "theirs");
    CHECK(counted_address(app) == "network 127.0.0.1");
    ask({"127.0.0.1", "10.0.0.0/8"});
    CHECK(counted_address(app) == "network 192.0.2.1");  // its own claims about other clients are ignored
}

TEST_CASE("an address that can't be listened on is reported") {
    AppServer app(db::Dialect::sqlite);
    auto fails = [&](const std::string& listen, std::vector<std::string> trusted = {}) {
        web::Server::Options options = tcp_options();
        options.app.listen = listen;
        options.app.trusted_proxies = std::move(trusted);
        try {
            web::Server(app.services(), options).start();
        } catch (const base::Error& error) {
            return error.code() == base::Code::config_invalid ? std::string(error.what()) : "another code";
        }
        return std::string();
    };
    CHECK(fails(app.address()).find("another process uses it") != std::string::npos);
    CHECK(fails("/" + std::string(200, 'x')).find("107 bytes") != std::string::npos);
    CHECK(fails("5000").find("127.0.0.1:5000") != std::string::npos);
    CHECK(fails("203.0.113.1:80") != "");
    CHECK(fails("127.0.0.1:0", {"10.0.0.0/33"}).find("10.0.0.0/33") != std::string::npos);
    web::Server::Options options = tcp_options();
    web::Server server(app.services(), options);
    server.start();
    CHECK(fails(address_of(server)).find("another process uses it") != std::string::npos);
}

TEST_CASE("a stopping server finishes a request and accepts no new one") {
    AppServer app(db::Dialect::sqlite);
    app.person("ana");
    HttpClient busy(app.address()), idle(app.address());
    REQUIRE(idle.send("GET", "/livez").status == 200);
    const std::string body = R"({"username":"ana","password":"correct horse battery"})";
    busy.write("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, 10));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::jthread stopping([&] { app.server().stop(kSoon); });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    busy.write(body.substr(10));
    CHECK(busy.read().status == 200);
    CHECK(idle.send("GET", "/livez").status == 0);
    stopping.join();
    CHECK_THROWS(HttpClient(app.address()).send("GET", "/livez"));
}

// Clients that keep their connections must not hold the threads that the other requests need.
TEST_CASE("a stopping server answers requests that had arrived, but were not read yet") {
    AppServer app(db::Dialect::sqlite);
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 50; ++i) {
        clients.push_back(std::make_unique<HttpClient>(app.address()));
        REQUIRE(clients.back()->send("GET", "/livez").status == 200);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // all of them are idle by now
    for (const auto& client : clients) client->write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
    app.server().stop(kSoon);
    int answered = 0;
    for (const auto& client : clients) answered += client->read().status == 200;
    CHECK(answered == 50);
}

TEST_CASE("a stopping server waits no longer than its limit") {
    AppServer app(db::Dialect::sqlite);
    HttpClient hung(app.address());
    hung.write("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto begin = std::chrono::steady_clock::now();
    app.server().stop(std::chrono::milliseconds(200));
    CHECK(std::chrono::steady_clock::now() - begin < kSoon);
}

}  // namespace bodega
