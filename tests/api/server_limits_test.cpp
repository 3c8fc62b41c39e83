// The limits of the app's server are those of the configuration.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <thread>

#include "support/api_case.h"

namespace bodega {
namespace {

using namespace std::chrono_literals;
using test::AppServer;
using test::HttpClient;

constexpr std::string_view kRequest = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr auto kParked = 400ms;  // after an answer, a connection is parked by then
constexpr auto kClosed = 3s;     // a connection that is over its time is closed by then

class LimitedServer {
public:
    template <class Adjust>
    explicit LimitedServer(Adjust adjust) : app_(db::Dialect::sqlite) {
        web::Server::Options options;
        options.app.listen = "127.0.0.1:0";
        options.app.threads = 4;
        adjust(options.app);
        server_ = std::make_unique<web::Server>(app_.services(), options);
        server_->start();
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }

private:
    AppServer app_;
    std::unique_ptr<web::Server> server_;
};

// Whether the server answers another request on this connection.
bool answers(HttpClient& client) { return client.raw(kRequest).status == 200; }

// Sends a body byte by byte. Returns whether the connection is still open after `time`.
bool stays_open(const LimitedServer& server, std::chrono::milliseconds time) {
    HttpClient client(server.address());
    client.write(
        "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n");
    const auto end = std::chrono::steady_clock::now() + time;
    for (int sent = 0; sent < 99 && std::chrono::steady_clock::now() < end; ++sent) {
        client.write(" ");
        std::this_thread::sleep_for(100ms);
    }
    client.write(std::string(100, ' '));
    return client.read().status != 0;
}

}  // namespace

TEST_CASE("a connection over app.connections is closed when it would hold no thread") {
    const LimitedServer server([](config::App& app) { app.connections = 2; });
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 2; ++i) {
        clients.push_back(std::make_unique<HttpClient>(server.address()));
        CHECK(answers(*clients.back()));
        std::this_thread::sleep_for(kParked);
    }
    HttpClient third(server.address());
    third.write(kRequest);
    third.read();  // answered, or refused if the request came after the connection
    const auto began = std::chrono::steady_clock::now();
    CHECK(third.read().status == 0);
    CHECK(std::chrono::steady_clock::now() - began < kClosed);
    CHECK(answers(*clients[0]));
    CHECK(answers(*clients[1]));
}

TEST_CASE("a connection is closed after app.idle_timeout") {
    const LimitedServer brief([](config::App& app) { app.idle_timeout = 300ms; });
    const LimitedServer usual([](config::App&) {});
    HttpClient closed(brief.address()), open(usual.address());
    CHECK((answers(closed) && answers(open)));
    std::this_thread::sleep_for(kClosed);
    CHECK_FALSE(answers(closed));
    CHECK(answers(open));
}

TEST_CASE("a head has to be complete within app.head_timeout") {
    const LimitedServer brief([](config::App& app) { app.head_timeout = 300ms; });
    const LimitedServer usual([](config::App&) {});
    HttpClient closed(brief.address()), open(usual.address());
    for (HttpClient* client : {&closed, &open}) client->write("GET /livez HTTP/1.1\r\nHo");
    std::this_thread::sleep_for(kClosed);
    for (HttpClient* client : {&closed, &open}) client->write("st: x\r\n\r\n");
    CHECK(closed.read().status == 0);
    CHECK(open.read().status == 200);
}

TEST_CASE("a body has to come at app.min_rate after app.body_timeout") {
    const LimitedServer strict([](config::App& app) { app.body_timeout = 500ms, app.min_rate = 1 << 20; });
    const LimitedServer patient([](config::App& app) { app.body_timeout = 500ms, app.min_rate = 1; });
    CHECK_FALSE(stays_open(strict, kClosed));
    CHECK(stays_open(patient, kClosed));
}

}  // namespace bodega
