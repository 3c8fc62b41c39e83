// The admin listener by itself.
#include "edge/admin.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"
#include "support/edge_fixture.h"

using namespace bodega;
using namespace bodega::test;

namespace {

edge::Admin::Options options(std::function<bool()> is_ready) {
    return {"http://127.0.0.1:0", [](base::Exposition& out) { out.gauge("a", "A.", 1); }, std::move(is_ready), nullptr};
}

Reply get(const edge::Admin& admin, std::string_view path) {
    RawClient client(admin.url());
    return client.ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
}

}  // namespace

TEST_CASE("the admin listener answers its own paths, and nothing else", "[edge]") {
    std::atomic<bool> ready{false};
    edge::Admin admin(options([&] { return ready.load(); }));
    admin.start();
    Reply metrics = get(admin, "/metrics");
    CHECK(metrics.body == "# HELP a A.\n# TYPE a gauge\na 1\n");
    CHECK(metrics.field("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(get(admin, "/livez").status == 200);
    CHECK(get(admin, "/readyz").status == 503);
    ready = true;
    CHECK(get(admin, "/readyz").body == "ready\n");
    CHECK(get(admin, "/").status == 404);
    RawClient client(admin.url());
    CHECK(client.ask("POST /metrics HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").status == 405);
}

TEST_CASE("a readiness check that hangs does not delay metrics", "[edge]") {
    std::atomic<bool> over{false};
    edge::Admin admin(options([&] {
        while (!over) std::this_thread::sleep_for(1ms);
        return true;
    }));
    admin.start();
    RawClient asks(admin.url());
    asks.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(get(admin, "/metrics").status == 200);
    over = true;
    CHECK(asks.reply().status == 200);
}

TEST_CASE("an admin address in use is reported with its key", "[edge]") {
    edge::Admin first(options(nullptr));
    first.start();
    edge::Admin::Options same = options(nullptr);
    same.listen = first.url();
    edge::Admin second(std::move(same));
    try {
        second.start();
        FAIL("it was started");
    } catch (const base::Error& error) {
        CHECK(std::string_view(error.what()).starts_with("edge.admin_listen: "));
    }
}
