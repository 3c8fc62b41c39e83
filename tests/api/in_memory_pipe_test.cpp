// The app behind an edge in the same process: requests, bodies in both directions, waits and the end, over in-memory
// pipes.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <thread>

#include "edge/server.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::Answer;
using test::AppServer;
using test::HttpClient;

// An edge, and an app with few threads that it reaches only over in-memory pipes.
class EdgeFixture {
public:
    EdgeFixture()
        : channels_(std::make_shared<base::PipeListener>()), app_(db::Dialect::sqlite), edge_(edge_options()) {
        web::Server::Options options;
        options.channels = channels_;
        options.app.threads = 2;
        options.app.uploads = 3;
        server_ = std::make_unique<web::Server>(app_.services(), options);
        edge_.start();
    }

    AppServer& app() { return app_; }
    web::Server& server() { return *server_; }
    HttpClient client() const { return HttpClient(edge_.urls().front().substr(7)); }

private:
    edge::Options edge_options() const {
        edge::Options options;
        options.settings.listen = {"http://127.0.0.1:0"};
        options.settings.loops = 2;
        options.settings.upstream_connections = 16;
        options.app_listener = channels_;
        return options;
    }

    std::shared_ptr<base::PipeListener> channels_;
    AppServer app_;
    edge::Server edge_;
    std::unique_ptr<web::Server> server_;
};

}  // namespace

TEST_CASE("an app on in-memory pipes answers once started and refuses once stopped") {
    EdgeFixture fixture;
    HttpClient client = fixture.client();
    CHECK(client.send("GET", "/readyz").status == 502);
    fixture.server().start();
    CHECK(client.send("GET", "/readyz").status == 200);
    CHECK(client.send("GET", "/api/v1/spaces").status == 401);
    fixture.server().stop();
    CHECK(client.send("GET", "/readyz").status == 502);
}

TEST_CASE("few threads serve many concurrent clients over in-memory pipes") {
    EdgeFixture fixture;
    fixture.server().start();
    test::Caller ana = fixture.app().person("ana");
    const std::string target = "/api/v1/entries/" + fixture.app().root_of("ana") + "/children";
    const HttpClient::Fields fields = {{"Cookie", ana.cookie}};
    std::atomic<int> answered{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 24; ++i)
        threads.emplace_back([&] {
            HttpClient client = fixture.client();
            for (int round = 0; round < 40; ++round)
                if (client.send("GET", target, fields).status == 200) ++answered;
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(answered == 24 * 40);
}

TEST_CASE("bodies larger than a pipe's buffer pass both ways, beside slow ones") {
    EdgeFixture fixture;
    fixture.server().start();
    test::Caller ana = fixture.app().person("ana");
    const std::string target = "/api/v1/entries/" + fixture.app().root_of("ana") + "/files/";
    const HttpClient::Fields fields = {{"Cookie", ana.cookie}, {"Origin", "http://files.example"}};
    std::vector<std::unique_ptr<HttpClient>> slow;
    for (int i = 0; i < 3; ++i) {
        slow.push_back(std::make_unique<HttpClient>(fixture.client()));
        slow.back()->write("PUT " + target + "slow" + std::to_string(i) +
                           " HTTP/1.1\r\nHost: files.example\r\nCookie: " + ana.cookie +
                           "\r\nOrigin: http://files.example\r\nContent-Length: 100000\r\n\r\nfirst");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    HttpClient client = fixture.client();
    // A small body arrives complete from the edge; for a large one that the edge does not write, a thread waits for the
    // rest.
    CHECK(client.send("PUT", target + "fourth", fields, std::string(100'000, 'x')).status == 503);
    CHECK(client.send("GET", "/api/v1/spaces", fields).status == 200);
    for (auto& one : slow) {
        one->write(std::string(100'000 - 5, '+'));
        CHECK(one->read().status == 201);
    }
    std::string much;
    for (int i = 0; much.size() < 3'000'000; ++i) much += std::to_string(i);
    const Answer made = client.send("PUT", target + "much", fields, much);
    CHECK(made.status == 201);
    CHECK(made.json().at("size") == much.size());
    const HttpClient::Fields json = {fields[0], fields[1], {"Content-Type", "application/json"}};
    const std::string root = "/api/v1/entries/" + fixture.app().root_of("ana");
    for (int i = 0; i < 300; ++i) {
        const std::string name = std::string(240, 'n') + std::to_string(i);
        REQUIRE(client.send("POST", root + "/folders", json, R"({"name":")" + name + "\"}").status == 201);
    }
    const Answer listing = client.send("GET", root + "/children?limit=500", fields);
    CHECK(listing.body.size() > base::DuplexPipe::kCapacity);
    CHECK(listing.json().at("items").size() == 304);
}

}  // namespace bodega
