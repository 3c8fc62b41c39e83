// The publish protocol when the answer to one of its COMMITs is lost: what happened is found out by the ids that
// were made before, never guessed and never done twice.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/error.h"
#include "base/log.h"
#include "support/mariadb.h"
#include "support/relay.h"
#include "support/crash_case.h"

using namespace bodega;
using test::Depot;
using test::MariaDb;
using test::Relay;

namespace {

// A depot whose use cases reach the catalog through a relay, and whose checks do not.
struct Relayed {
    Depot depot{db::Dialect::mysql};
    Relay relay{MariaDb::instance().port()};
    db::Pool pool{through(relay, depot.catalog.source()), {}};
    app::Services services{depot.config, pool, depot.blobs};

    static db::Source through(const Relay& relay, db::Source source) {
        source = MariaDb::instance().over_tcp(source);
        source.port = relay.port();
        return source;
    }
};

// Plays the scene, where the COMMIT that follows the n-th call of a kind is cut. False: it has no n calls.
bool play(Relayed& relayed, const test::Scene& scene, Relay::Cut cut, const char* kind, int n) {
    Depot& depot = relayed.depot;
    std::string name = std::string(scene.name) + kind + std::to_string(n);
    scene.prepare(depot, name);
    std::vector<std::string> told;
    test::Stage stage{relayed.services, depot.grant(depot.tree.root), name,
                      [&](const std::string& line) { told.push_back(line); }};
    depot.files.watch(n, kind, [&] { relayed.relay.cut_next_commit(cut); });
    if (n == 0) relayed.relay.cut_next_commit(cut);
    std::string refused;
    try {
        scene.play(stage);
    } catch (const base::Error& e) {
        refused = e.what();
    }
    bool struck = n == 0 || !depot.files.struck().empty();
    depot.files.disarm();
    relayed.relay.cut_next_commit(Relay::Cut::none);
    INFO(scene.name << ", the COMMIT after " << kind << " " << n);
    CHECK(refused == "");
    CHECK(test::aftermath(depot, scene, name, told) == "");
    return struck;
}

}  // namespace

TEST_CASE("a COMMIT whose answer is lost: done once, and told so", "[fault]") {
    base::log::configure(base::log::Level::error, base::log::Format::text);
    const auto cut = GENERATE(Relay::Cut::before, Relay::Cut::after, Relay::Cut::late);
    const auto& scene = GENERATE(from_range(test::scenes()));
    if (scene.calls[0] != '\0') return;
    Relayed relayed;
    relayed.depot.config.files.checkpoint = 4000;
    relayed.depot.config.files.versions_keep = 0;
    for (const char* kind : {"sync_data", "sync_folder"}) {
        int n = 0;
        while (play(relayed, scene, cut, kind, n)) ++n;
    }
    CHECK(relayed.relay.cuts() > 0);
    base::log::configure(base::log::Level::info, base::log::Format::text);
}
