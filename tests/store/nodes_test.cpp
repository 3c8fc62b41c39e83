#include "store/nodes.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/fleet.h"
#include "support/catalog.h"
#include "support/temp_folder.h"

using namespace bodega;

namespace {

constexpr base::Milliseconds kMinute = 60'000;

store::Node node(std::string name, std::string state) {
    return {base::Ulid::make(), std::move(name), "1.0.0", std::move(state), 0, 0};
}

}  // namespace

TEST_CASE("a node's row follows its announcements", "[store]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    auto connection = catalog.pool().acquire();
    store::Nodes nodes(*connection);
    store::Node b = node("b", "starting"), a = node("a", "ready");
    nodes.announce(b);
    nodes.announce(a);
    b.state = "ready";
    nodes.announce(b);

    auto seen = nodes.list(kMinute);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].name == "a");
    CHECK(seen[1].id == b.id);
    CHECK(seen[1].state == "ready");
    CHECK(seen[1].version == "1.0.0");
    CHECK(seen[1].started_at > 0);
    CHECK(seen[1].seen_at >= seen[1].started_at);

    nodes.remove(b.id);
    nodes.remove(b.id);
    CHECK(nodes.list(kMinute).size() == 1);
}

TEST_CASE("nodes that were not seen for long are left out, then forgotten", "[store]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    auto connection = catalog.pool().acquire();
    store::Nodes nodes(*connection);
    nodes.announce(node("old", "ready"));
    nodes.announce(node("new", "ready"));
    connection->execute({"test.age", "UPDATE nodes SET seen_at = seen_at - ? WHERE name = ?"}, {2 * kMinute, "old"});
    CHECK(nodes.list(kMinute).size() == 1);
    CHECK(nodes.list(5 * kMinute).size() == 2);
    nodes.forget(kMinute);
    CHECK(nodes.list(5 * kMinute).size() == 1);
}

TEST_CASE("a server that left does not come back by a late heartbeat", "[store]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    tests::TempFolder folder;
    config::Config config;
    blobs::Store blobs(folder.path());
    app::Services services{config, catalog.pool(), blobs};
    app::Presence presence(services, "", "1.0.0");
    CHECK_FALSE(presence.node().name.empty());
    presence.set_state("ready");
    REQUIRE(app::list_nodes(services).size() == 1);
    CHECK(app::list_nodes(services)[0].state == "ready");
    presence.leave();
    presence.beat();
    CHECK(app::list_nodes(services).empty());
}
