// Tests the publish protocol in a process that is killed after each of its file system calls. After SIGKILL nothing is
// flushed and no destructor runs; bytes that were not synced are treated as lost.
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "store/tree/entries.h"
#include "support/crash_case.h"
#include "support/program.h"

using namespace bodega;
using test::AppFixture;
using test::How;

namespace {

constexpr const char* kOrders = "BODEGA_TEST_VICTIM";
constexpr const char* kTold = "told: ";

// The killed process's input: where the catalog and the files are, and at which call it dies.
nlohmann::json orders(AppFixture& fixture, const test::CrashCase& crash_case, const std::string& name, int step) {
    const db::Source& s = fixture.catalog.source();
    return {{"dialect", static_cast<int>(s.dialect)},
            {"path", s.path},
            {"host", s.host},
            {"port", s.port},
            {"user", s.user},
            {"password", s.password},
            {"database", s.name},
            {"shared", fixture.folder / "shared"},
            {"root", fixture.tree.root.text()},
            {"user_id", fixture.tree.user.text()},
            {"scene", crash_case.name},
            {"name", name},
            {"step", step}};
}

db::Source source_of_orders(const nlohmann::json& o) {
    db::Source s;
    s.dialect = static_cast<db::Dialect>(o["dialect"].get<int>());
    s.path = o["path"];
    s.host = o["host"];
    s.port = o["port"];
    s.user = o["user"];
    s.password = o["password"];
    s.name = o["database"];
    return s;
}

// Runs the process until it dies. Returns the answers that its client got before; the last is "end" if the case was
// over.
std::vector<std::string> run_victim(const nlohmann::json& o) {
    test::TempFolder folder;
    std::string log = folder / "log", self = std::filesystem::read_symlink("/proc/self/exe");
    ::setenv(kOrders, o.dump().c_str(), 1);
    pid_t pid = test::start_program({self, "[.victim]"}, log);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ::unsetenv(kOrders);
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    std::vector<std::string> told;
    std::ifstream in(log);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(kTold)) told.push_back(line.substr(std::string(kTold).size()));
    return told;
}

}  // namespace

TEST_CASE("the victim of the next test", "[.victim]") {
    const char* text = std::getenv(kOrders);
    REQUIRE(text != nullptr);
    auto o = nlohmann::json::parse(text);
    config::Config config;
    config.files.checkpoint = 4000;
    config.files.versions_keep = 0;
    test::FaultyFiles files;
    db::Pool pool(source_of_orders(o), {});
    blobs::Store blobs(o["shared"], files);
    app::Services services{config, pool, blobs};
    app::Actor actor{*base::Ulid::parse(o["user_id"].get<std::string>()), "ana", store::Role::member, {}, {}};
    auto root = store::Entries(*pool.acquire()).find(*base::Ulid::parse(o["root"].get<std::string>()));
    test::Stage stage{
        services, {actor, root.value(), store::SpaceRole::editor}, o["name"], [](const std::string& line) {
            std::string out = kTold + line + "\n";
            CHECK(::write(STDOUT_FILENO, out.data(), out.size()) == static_cast<ssize_t>(out.size()));
        }};
    for (const test::CrashCase& crash_case : test::crash_cases())
        if (crash_case.name == o["scene"].get<std::string>()) {
            files.arm(o["step"], How::die_after, 0, crash_case.calls);
            crash_case.play(stage);
            stage.tell("end");
            files.die();
        }
}

TEST_CASE("a kill at any step: no row lacks its bytes, nothing acknowledged is missing", "[fault]") {
    base::log::configure(base::log::Level::error, base::log::Format::text);
    const auto engine = GENERATE(from_range(test::engines()));
    const auto& crash_case = GENERATE(from_range(test::crash_cases()));
    AppFixture fixture(engine);
    fixture.config.files.versions_keep = 0;
    bool over = false;
    for (int step = 1; !over && step < 500; ++step) {
        std::string name = std::string(crash_case.name) + "-" + std::to_string(step);
        crash_case.prepare(fixture, name);
        auto told = run_victim(orders(fixture, crash_case, name, step));
        over = !told.empty() && told.back() == "end";
        INFO(crash_case.name << ", killed after call " << step);
        CHECK(test::aftermath(fixture, crash_case, name, told) == "");
    }
    CHECK(over);
    base::log::configure(base::log::Level::info, base::log::Format::text);
}
