// Tests the publish protocol when the answer to a COMMIT is lost: the outcome is looked up by the ids that were made
// before, never guessed, and nothing is done twice.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/error.h"
#include "base/log.h"
#include "support/crash_case.h"
#include "support/mariadb.h"
#include "support/relay.h"

using namespace bodega;
using test::AppFixture;
using test::MariaDb;
using test::Relay;

namespace {

// A fixture whose use cases reach the catalog through a relay, while its checks do not.
struct Relayed {
    AppFixture fixture{db::Dialect::mysql};
    Relay relay{MariaDb::instance().port()};
    db::Pool pool{through(relay, fixture.catalog.source()), {}};
    app::Services services{fixture.config, pool, fixture.blobs};

    static db::Source through(const Relay& relay, db::Source source) {
        source = MariaDb::instance().over_tcp(source);
        source.port = relay.port();
        return source;
    }
};

// Runs the crash case and cuts the COMMIT after the n-th call of a kind. Returns false if the case has fewer calls.
bool play(Relayed& relayed, const test::CrashCase& crash_case, Relay::Cut cut, const char* kind, int n) {
    AppFixture& fixture = relayed.fixture;
    std::string name = std::string(crash_case.name) + kind + std::to_string(n);
    crash_case.prepare(fixture, name);
    std::vector<std::string> told;
    test::Stage stage{relayed.services, fixture.grant(fixture.tree.root), name,
                      [&](const std::string& line) { told.push_back(line); }};
    fixture.files.watch(n, kind, [&] { relayed.relay.cut_next_commit(cut); });
    if (n == 0) relayed.relay.cut_next_commit(cut);
    std::string refused;
    try {
        crash_case.play(stage);
    } catch (const base::Error& e) {
        refused = e.what();
    }
    bool struck = n == 0 || !fixture.files.struck().empty();
    fixture.files.disarm();
    relayed.relay.cut_next_commit(Relay::Cut::none);
    INFO(crash_case.name << ", the COMMIT after " << kind << " " << n);
    CHECK(refused == "");
    CHECK(test::aftermath(fixture, crash_case, name, told) == "");
    return struck;
}

}  // namespace

TEST_CASE("a COMMIT whose answer is lost is done once and reported as done", "[fault]") {
    base::log::configure(base::log::Level::error, base::log::Format::text);
    const auto cut = GENERATE(Relay::Cut::before, Relay::Cut::after, Relay::Cut::late);
    const auto& crash_case = GENERATE(from_range(test::crash_cases()));
    if (crash_case.calls[0] != '\0') return;
    Relayed relayed;
    relayed.fixture.config.files.checkpoint = 4000;
    relayed.fixture.config.files.versions_keep = 0;
    for (const char* kind : {"sync_data", "sync_folder"}) {
        int n = 0;
        while (play(relayed, crash_case, cut, kind, n)) ++n;
    }
    CHECK(relayed.relay.cuts() > 0);
    base::log::configure(base::log::Level::info, base::log::Format::text);
}
