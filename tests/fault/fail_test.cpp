// Tests the publish protocol with a failure at each of its file system calls.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/error.h"
#include "base/log.h"
#include "support/crash_case.h"

using namespace bodega;
using test::AppFixture;
using test::How;

namespace {

struct Fault {
    How how;
    int error;
};

// Runs the crash case with the fault at its n-th call. Returns false if the case has fewer calls.
bool play(AppFixture& fixture, const test::CrashCase& crash_case, const Fault& fault, int n) {
    std::string name = std::string(crash_case.name) + "-" + std::to_string(n);
    crash_case.prepare(fixture, name);
    std::vector<std::string> told;
    test::Stage stage{fixture.services, fixture.grant(fixture.tree.root), name,
                      [&](const std::string& line) { told.push_back(line); }};
    fixture.files.arm(n, fault.how, fault.error, crash_case.calls);
    try {
        crash_case.play(stage);
    } catch (const base::Error& e) {
        told.push_back("refused");
    }
    std::string struck = fixture.files.struck();
    fixture.files.disarm();
    INFO(crash_case.name << ", call " << n << " (" << struck << ")");
    CHECK(test::aftermath(fixture, crash_case, name, told) == "");
    return !struck.empty();
}

}  // namespace

TEST_CASE("a failing call at any step: no row lacks its bytes, nothing acknowledged is missing", "[fault]") {
    base::log::configure(base::log::Level::error, base::log::Format::text);
    const auto engine = GENERATE(from_range(test::engines()));
    const auto& crash_case = GENERATE(from_range(test::crash_cases()));
    for (const Fault& fault : {Fault{How::fail, ENOSPC}, Fault{How::fail, ESTALE}, Fault{How::happen_and_fail, EIO}}) {
        AppFixture fixture(engine);
        fixture.config.files.checkpoint = 4000;
        fixture.config.files.versions_keep = 0;
        INFO("error " << fault.error << (fault.how == How::fail ? "" : ", but it happened"));
        int n = 1;
        while (play(fixture, crash_case, fault, n)) ++n;
        CHECK(n > 1);
    }
    base::log::configure(base::log::Level::info, base::log::Format::text);
}
