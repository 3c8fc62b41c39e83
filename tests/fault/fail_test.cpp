// The publish protocol with a failure at each of its calls to the file system.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/error.h"
#include "base/log.h"
#include "support/crash_case.h"

using namespace bodega;
using test::Depot;
using test::How;

namespace {

struct Fault {
    How how;
    int error;
};

// Plays the scene with the fault at its n-th call. False: it has no n calls.
bool play(Depot& depot, const test::Scene& scene, const Fault& fault, int n) {
    std::string name = std::string(scene.name) + "-" + std::to_string(n);
    scene.prepare(depot, name);
    std::vector<std::string> told;
    test::Stage stage{depot.services, depot.grant(depot.tree.root), name,
                      [&](const std::string& line) { told.push_back(line); }};
    depot.files.arm(n, fault.how, fault.error, scene.calls);
    try {
        scene.play(stage);
    } catch (const base::Error& e) {
        told.push_back("refused");
    }
    std::string struck = depot.files.struck();
    depot.files.disarm();
    INFO(scene.name << ", call " << n << " (" << struck << ")");
    CHECK(test::aftermath(depot, scene, name, told) == "");
    return !struck.empty();
}

}  // namespace

TEST_CASE("a failing call at any step: no row lacks its bytes, nothing acknowledged is missing", "[fault]") {
    base::log::configure(base::log::Level::error, base::log::Format::text);
    const auto engine = GENERATE(from_range(test::engines()));
    const auto& scene = GENERATE(from_range(test::scenes()));
    for (const Fault& fault : {Fault{How::fail, ENOSPC}, Fault{How::fail, ESTALE}, Fault{How::happen_and_fail, EIO}}) {
        Depot depot(engine);
        depot.config.files.checkpoint = 4000;
        depot.config.files.versions_keep = 0;
        INFO("error " << fault.error << (fault.how == How::fail ? "" : ", but it happened"));
        int n = 1;
        while (play(depot, scene, fault, n)) ++n;
        CHECK(n > 1);
    }
    base::log::configure(base::log::Level::info, base::log::Format::text);
}
