#include "edge/proxy/upstream_address.h"

#include <catch2/catch_test_macros.hpp>

#include "edge/exchange/options.h"
#include "edge/proxy/upstream_server.h"
#include "support/listening_socket.h"
#include "support/temp_folder.h"

using namespace bodega;
using namespace bodega::edge;
using test::ListeningSocket;
using Failure = UpstreamAddress::Failure;

TEST_CASE("the app's address is its listener in this process, or its socket", "[edge][upstream]") {
    Options options;
    test::TempFolder folder;
    options.app_socket = folder / "app.sock";
    net::Loop loop;
    CHECK(UpstreamAddress::of_app(options).open(loop).failed_with(Failure::refused));  // the socket does not exist

    ListeningSocket socket(options.app_socket);
    options.app_listener = std::make_shared<base::PipeListener>();
    CHECK(UpstreamAddress::of_app(options).open(loop).failed_with(Failure::refused));  // the pipe is preferred

    options.app_listener = nullptr;
    CHECK(UpstreamAddress::of_app(options).open(loop));
}

TEST_CASE("the app is one endpoint that never changes and connects at once", "[edge][upstream]") {
    test::TempFolder folder;
    net::Loop loop;
    auto listener = std::make_shared<base::PipeListener>();
    std::shared_ptr<base::DuplexPipe> accepted;
    listener->accept_with([&](std::shared_ptr<base::DuplexPipe> pipe) { accepted = std::move(pipe); });
    ListeningSocket socket(folder / "app.sock");
    for (const UpstreamAddress& address : {UpstreamAddress(listener), UpstreamAddress(folder / "app.sock")}) {
        CHECK(address.connects_at_once());
        CHECK(address.count() == 1);
        CHECK(address.generation() == 0);
        UpstreamAddress::Opened opened = address.open(loop);
        REQUIRE(opened);
        CHECK((*opened)->writable());
        CHECK_FALSE((*opened)->broken());
    }
    CHECK(accepted);
}

TEST_CASE("a full backlog of the app's socket is told from a refusal", "[edge][upstream]") {
    test::TempFolder folder;
    net::Loop loop;
    const UpstreamAddress address(folder / "app.sock");
    CHECK(address.open(loop).failed_with(Failure::refused));
    ListeningSocket socket(folder / "app.sock", 0);
    socket.fill();
    CHECK(address.open(loop).failed_with(Failure::full));
    socket.accept();
    CHECK(address.open(loop));
}

TEST_CASE("a socket's path that is too long is a refusal", "[edge][upstream]") {
    net::Loop loop;
    CHECK(UpstreamAddress(std::string(108, 'x')).open(loop).failed_with(Failure::refused));
}

TEST_CASE("a configured server's endpoints are used in turn, and are counted as they are now", "[edge][upstream]") {
    net::Loop loop;
    UpstreamServer server("s", config::UpstreamServer{"s", 80, {}, 1}, 0, 0);
    const UpstreamAddress address(server);
    CHECK_FALSE(address.connects_at_once());
    CHECK(address.count() == 0);
    CHECK(address.open(loop).failed_with(Failure::refused));

    ListeningSocket one, other;
    server.set_endpoints({one.endpoint(), other.endpoint()});
    CHECK(address.count() == 2);
    CHECK(address.generation() == server.generation());
    CHECK(address.open(loop));
    CHECK(address.open(loop));
    CHECK(one.accept());
    CHECK(other.accept());
}

TEST_CASE("a configured server's full backlog is a refusal, so that another server is tried", "[edge][upstream]") {
    test::TempFolder folder;
    net::Loop loop;
    ListeningSocket socket(folder / "s.sock", 0);
    UpstreamServer server("s", config::UpstreamServer{{}, 0, folder / "s.sock", 1}, 0, 0);
    socket.fill();
    CHECK(UpstreamAddress(server).open(loop).failed_with(Failure::refused));
}
