#include "edge/proxy/upstream_pool.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <functional>
#include <optional>

#include "edge/proxy/upstream_server.h"
#include "support/listening_socket.h"
#include "support/temp_folder.h"

using namespace bodega;
using namespace bodega::edge;
using test::ListeningSocket;
using Lease = UpstreamPool::Lease;
using Unavailable = UpstreamPool::Unavailable;

namespace {

// The app in this process, which accepts every connection.
std::shared_ptr<base::PipeListener> app() {
    auto listener = std::make_shared<base::PipeListener>();
    listener->accept_with([](const std::shared_ptr<base::DuplexPipe>&) {});
    return listener;
}

struct PoolFixture {
    explicit PoolFixture(const UpstreamAddress& address, UpstreamPool::Limits limits = {})
        : pool(loop, buffer_pool, address, limits) {}

    // Runs the loop until a request that waits has a lease or a failure. At most once, since a loop runs once.
    UpstreamPool::Acquired wait(net::Wakeup& by, const std::function<void()>& meanwhile = {}) {
        std::optional<UpstreamPool::Acquired> out;
        start(by, out);
        if (meanwhile) loop.post(meanwhile);
        if (!out) loop.run();
        return std::move(*out);
    }
    UpstreamPool::Acquired wait() { return wait(wakeup); }

    net::Detached start(net::Wakeup& by, std::optional<UpstreamPool::Acquired>& out) {
        UpstreamPool::Acquired acquired = co_await pool.acquire_later(by);
        out.emplace(std::move(acquired));
        loop.stop();
    }

    net::Loop loop;
    net::BufferPool buffer_pool;
    net::Wakeup wakeup{loop};
    UpstreamPool pool;
};

UpstreamPool::Limits limits(std::size_t connections, net::Moment wait = 5000) {
    UpstreamPool::Limits out;
    out.connections = connections;
    out.wait = wait;
    return out;
}

}  // namespace

TEST_CASE("a kept connection serves the next request, a dropped one does not", "[edge][upstream]") {
    PoolFixture f{UpstreamAddress(app())};
    UpstreamPool::Acquired first = f.pool.acquire_now(f.wakeup);
    REQUIRE(first);
    CHECK_FALSE((*first)->reused);
    UpstreamConnection* const connection = &**first;
    first->keep();
    UpstreamPool::Acquired second = f.pool.acquire_now(f.wakeup);
    REQUIRE(second);
    CHECK(&**second == connection);
    CHECK((*second)->reused);
    second->drop();
    UpstreamPool::Acquired third = f.pool.acquire_now(f.wakeup);
    REQUIRE(third);
    CHECK_FALSE((*third)->reused);
}

TEST_CASE("an app that accepts no connection is dead, now and later", "[edge][upstream]") {
    test::TempFolder folder;
    for (const UpstreamAddress& address :
         {UpstreamAddress(std::make_shared<base::PipeListener>()), UpstreamAddress(folder / "app.sock")}) {
        PoolFixture f(address, limits(1));
        for (int i = 0; i < 3; ++i)  // a failure keeps no place
            CHECK(f.pool.acquire_now(f.wakeup).failed_with(Unavailable::dead));
        CHECK(f.wait().failed_with(Unavailable::dead));
        CHECK(f.pool.acquire_now(f.wakeup).failed_with(Unavailable::dead));
    }
}

TEST_CASE("a request waits for a connection that is busy, and gets it", "[edge][upstream]") {
    PoolFixture f(UpstreamAddress(app()), limits(1));
    UpstreamPool::Acquired first = f.pool.acquire_now(f.wakeup);
    REQUIRE(first);
    net::Wakeup other(f.loop);
    CHECK(f.pool.acquire_now(other).failed_with(Unavailable::busy));
    SECTION("kept") {
        UpstreamPool::Acquired second = f.wait(other, [&] { first->keep(); });
        REQUIRE(second);
        CHECK((*second)->reused);
    }
    SECTION("dropped: its place goes to a new one") {
        UpstreamPool::Acquired second = f.wait(other, [&] { first->drop(); });
        REQUIRE(second);
        CHECK_FALSE((*second)->reused);
    }
    SECTION("cancelled") {
        CHECK(f.wait(other, [&] { other.cancel(); }).failed_with(Unavailable::cancelled));
    }
}

TEST_CASE("a request that waits too long, or beyond the queue's limit, is told busy", "[edge][upstream]") {
    UpstreamPool::Limits few = limits(1, 20);
    SECTION("too long") {
        PoolFixture f(UpstreamAddress(app()), few);
        UpstreamPool::Acquired first = f.pool.acquire_now(f.wakeup);
        net::Wakeup other(f.loop);
        CHECK(f.wait(other).failed_with(Unavailable::busy));
    }
    SECTION("no queue") {
        few.queue = 0;
        few.wait = net::kNever;
        PoolFixture f(UpstreamAddress(app()), few);
        UpstreamPool::Acquired first = f.pool.acquire_now(f.wakeup);
        net::Wakeup other(f.loop);
        CHECK(f.wait(other).failed_with(Unavailable::busy));
    }
}

TEST_CASE("a full backlog of the app is busy, and is tried again", "[edge][upstream]") {
    test::TempFolder folder;
    ListeningSocket socket(folder / "app.sock", 0);
    socket.fill();
    SECTION("until it has room") {
        PoolFixture f{UpstreamAddress(folder / "app.sock")};
        CHECK(f.pool.acquire_now(f.wakeup).failed_with(Unavailable::busy));
        CHECK(f.wait(f.wakeup, [&] { socket.accept(); }));
    }
    SECTION("until the wait ends") {
        PoolFixture f(UpstreamAddress(folder / "app.sock"), limits(1, 30));
        CHECK(f.wait().failed_with(Unavailable::busy));
    }
    SECTION("until it is cancelled") {
        PoolFixture f{UpstreamAddress(folder / "app.sock")};
        CHECK(f.wait(f.wakeup, [&] { f.wakeup.cancel(); }).failed_with(Unavailable::cancelled));
    }
}

TEST_CASE("each endpoint of a server is tried once, until one accepts", "[edge][upstream]") {
    ListeningSocket good;
    const net::Endpoint closed = ListeningSocket().endpoint();
    UpstreamServer server("s", config::UpstreamServer{"s", 80, {}, 1}, 0, 0);
    PoolFixture f(UpstreamAddress(server), limits(1));
    SECTION("no endpoint: its name is not resolved") { CHECK(f.wait().failed_with(Unavailable::dead)); }
    SECTION("none accepts") {
        server.set_endpoints({closed, closed});
        CHECK(f.wait().failed_with(Unavailable::dead));
    }
    SECTION("the second accepts") {
        const bool is_first = GENERATE(true, false);  // the next in turn is the list's second
        server.set_endpoints(is_first ? std::vector{good.endpoint(), closed} : std::vector{closed, good.endpoint()});
        CHECK(f.pool.acquire_now(f.wakeup).failed_with(Unavailable::busy));  // a server never connects at once
        UpstreamPool::Acquired acquired = f.wait();
        REQUIRE(acquired);
        CHECK((*acquired)->transport->writable());
    }
}

TEST_CASE("a server that does not accept in time is slow", "[edge][upstream]") {
    ListeningSocket full(0);
    full.fill();
    UpstreamServer server("s", config::UpstreamServer{"s", 80, {}, 1}, 0, 0);
    server.set_endpoints({full.endpoint()});
    UpstreamPool::Limits brief = limits(1);
    brief.connect = 30;
    PoolFixture f(UpstreamAddress(server), brief);
    CHECK(f.wait().failed_with(Unavailable::slow));
}

namespace {

struct Replaced {
    bool kept_is_offered = true;
    bool next_is_reused = true;
};

// Keeps one connection before the server's addresses are replaced, and one after it.
net::Detached replace_addresses(PoolFixture& f, UpstreamServer& server, net::Endpoint to, Replaced& out) {
    UpstreamPool::Acquired kept = co_await f.pool.acquire_later(f.wakeup);
    UpstreamPool::Acquired used = co_await f.pool.acquire_later(f.wakeup);
    kept->keep();
    server.set_endpoints({to});
    used->keep();
    out.kept_is_offered = static_cast<bool>(f.pool.acquire_now(f.wakeup));
    UpstreamPool::Acquired next = co_await f.pool.acquire_later(f.wakeup);
    out.next_is_reused = (*next)->reused;
    f.loop.stop();
}

}  // namespace

TEST_CASE("connections to a server's earlier addresses are not kept", "[edge][upstream]") {
    ListeningSocket before, after;
    UpstreamServer server("s", config::UpstreamServer{"s", 80, {}, 1}, 0, 0);
    server.set_endpoints({before.endpoint()});
    PoolFixture f(UpstreamAddress(server), limits(2));
    Replaced out;
    replace_addresses(f, server, after.endpoint(), out);
    f.loop.run();
    CHECK_FALSE(out.kept_is_offered);
    CHECK_FALSE(out.next_is_reused);
}

TEST_CASE("a slow request makes room for another, as often as the limits say", "[edge][upstream]") {
    UpstreamPool::Limits one = limits(1);
    one.slow = 10;
    one.slow_most = 1;
    PoolFixture f(UpstreamAddress(app()), one);
    UpstreamPool::Acquired slow = f.pool.acquire_now(f.wakeup);
    REQUIRE(slow);
    net::Wakeup other(f.loop), third(f.loop);
    UpstreamPool::Acquired beside = f.wait(other);
    CHECK(beside);
    CHECK(f.pool.acquire_now(third).failed_with(Unavailable::busy));
}
