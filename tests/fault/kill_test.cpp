// The publish protocol in a process that is killed after each of its calls to the file system: SIGKILL, so that
// nothing is flushed and no destructor runs, and what was not synced is lost with it.
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "store/tree/entries.h"
#include "support/program.h"
#include "support/crash_case.h"

using namespace bodega;
using test::Depot;
using test::How;

namespace {

constexpr const char* kOrders = "BODEGA_TEST_VICTIM";
constexpr const char* kTold = "told: ";

// What the victim has to know: where the catalog and the files are, and where it is to die.
nlohmann::json orders(Depot& depot, const test::Scene& scene, const std::string& name, int step) {
    const db::Source& s = depot.catalog.source();
    return {{"dialect", static_cast<int>(s.dialect)},
            {"path", s.path},
            {"host", s.host},
            {"port", s.port},
            {"user", s.user},
            {"password", s.password},
            {"database", s.name},
            {"shared", depot.folder / "shared"},
            {"root", depot.tree.root.text()},
            {"user_id", depot.tree.user.text()},
            {"scene", scene.name},
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

// Runs the victim to its death; what it told before, "end" if the scene was over.
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
    for (const test::Scene& scene : test::scenes())
        if (scene.name == o["scene"].get<std::string>()) {
            files.arm(o["step"], How::die_after, 0, scene.calls);
            scene.play(stage);
            stage.tell("end");
            files.die();
        }
}

TEST_CASE("a kill at any step: no row lacks its bytes, nothing acknowledged is missing", "[fault]") {
    base::log::configure(base::log::Level::error, base::log::Format::text);
    const auto engine = GENERATE(from_range(test::engines()));
    const auto& scene = GENERATE(from_range(test::scenes()));
    Depot depot(engine);
    depot.config.files.versions_keep = 0;
    bool over = false;
    for (int step = 1; !over && step < 500; ++step) {
        std::string name = std::string(scene.name) + "-" + std::to_string(step);
        scene.prepare(depot, name);
        auto told = run_victim(orders(depot, scene, name, step));
        over = !told.empty() && told.back() == "end";
        INFO(scene.name << ", killed after call " << step);
        CHECK(test::aftermath(depot, scene, name, told) == "");
    }
    CHECK(over);
    base::log::configure(base::log::Level::info, base::log::Format::text);
}
