// The binding of folder and catalog survives crashes, late calls, failovers and copies.
#include "app/fleet/folder_binding.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/backup/fsck.h"
#include "base/error.h"
#include "support/app_fixture.h"

using namespace bodega;
using app::FolderBinding;
using base::Ulid;
using Catch::Matchers::ContainsSubstring;
using State = FolderBinding::State;
using test::AppFixture;
using test::How;
using test::TestCatalog;

namespace fs = std::filesystem;

namespace Catch {
template <>
struct StringMaker<State> {
    static std::string convert(State state) { return std::string(app::state_text(state)); }
};
}  // namespace Catch

namespace {

constexpr db::Sql kCopyRow{
    "test.copy_binding",
    "INSERT INTO binding (id, catalog_id, generation, next_generation, replaced_at, kept_before) "
    "VALUES (1, ?, ?, ?, {now}, ?)"};
constexpr db::Sql kClear{"test.clear_binding", "DELETE FROM binding"};

// A process that works on a catalog and the fixture's folder.
struct Node {
    Node(AppFixture& fixture, TestCatalog& catalog) : binding(catalog.pool(), fixture.files, fixture.blobs.root()) {}
    explicit Node(AppFixture& fixture) : Node(fixture, fixture.catalog) {}
    FolderBinding binding;
};

store::Binding row_of(TestCatalog& catalog) { return store::Bindings(*catalog.pool().acquire()).find().value(); }

void set_row(TestCatalog& catalog, const store::Binding& row) {
    catalog.execute(kClear);
    catalog.execute(kCopyRow, {row.catalog_id, row.generation, row.next, row.kept_before});
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
}

// Checks that the folder has one generation, which the catalog names, and no drafts.
void check_in_order(AppFixture& fixture) {
    const store::Binding row = row_of(fixture.catalog);
    CHECK_FALSE(row.next);
    CHECK(names_in(fixture.folder / "shared/generation") == std::vector{row.generation.value().text()});
    CHECK(blobs::FolderMarks(fixture.files, fixture.blobs.root()).catalog_id() == row.catalog_id);
}

// Collects garbage for that catalog as if everything were old.
std::optional<app::Collected> collect(AppFixture& fixture, TestCatalog& catalog) {
    const app::Services services{fixture.config, catalog.pool(), fixture.blobs};
    app::GarbageCollector collector(services, Ulid::make(), std::chrono::hours(-1));
    std::optional<app::Collected> collected = collector.pass();
    if (collected) test::sweep_all_orphans(collector, fixture.blobs);
    collector.leave();
    return collected;
}

}  // namespace

TEST_CASE("binding: a generation is replaced again and again, by any node", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    Node one(fixture), two(fixture);
    std::optional<Ulid> last = row_of(fixture.catalog).generation;
    for (Node* node : {&one, &two, &one}) {
        CHECK(node->binding.replace());
        CHECK(row_of(fixture.catalog).generation != last);
        last = row_of(fixture.catalog).generation;
        check_in_order(fixture);
        CHECK(one.binding.look() == std::nullopt);
        CHECK(two.binding.look() == std::nullopt);
    }
}

TEST_CASE("binding: a crash between any two steps is completed by the next node", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const Ulid next = Ulid::make();
    const Ulid from = row_of(fixture.catalog).generation.value();
    REQUIRE(store::Bindings(*fixture.catalog.pool().acquire()).propose(from, next));
    if (GENERATE(false, true)) REQUIRE(blobs::FolderMarks(fixture.files, fixture.blobs.root()).replace(from, next));
    Node node(fixture);
    CHECK(node.binding.state() == State::ours);
    CHECK(node.binding.replace());
    CHECK(row_of(fixture.catalog).generation == next);
    check_in_order(fixture);
}

TEST_CASE("binding: whatever call fails, with or without effect, the folder stays the catalog's", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const How how = GENERATE(How::fail, How::happen_and_fail);
    const int error = GENERATE(EIO, ESTALE, ENOENT, ETIMEDOUT);
    Node node(fixture);
    for (int step = 1;; ++step) {
        fixture.files.arm(step, how, error);
        try {
            static_cast<void>(node.binding.replace());
        } catch (const base::Error&) {
        }
        const bool over = fixture.files.struck().empty();
        fixture.files.disarm();
        CHECK(Node(fixture).binding.state() == State::ours);
        CHECK(node.binding.replace());
        check_in_order(fixture);
        if (over) break;
    }
}

TEST_CASE("binding: the first binding survives a fault at any call", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const How how = GENERATE(How::fail, How::happen_and_fail);
    for (int step = 1;; ++step) {
        fixture.catalog.execute(kClear);
        fs::remove_all(fixture.folder / "shared/generation");
        fs::remove(fixture.folder / "shared/bodega.json");
        fixture.files.arm(step, how, EIO);
        try {
            Node(fixture).binding.bind(fixture.blobs);
        } catch (const base::Error&) {
        }
        const bool over = fixture.files.struck().empty();
        fixture.files.disarm();
        Node(fixture).binding.bind(fixture.blobs);
        check_in_order(fixture);
        if (over) break;
    }
}

TEST_CASE("binding: nodes that replace the generation at the same time agree", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    std::vector<std::jthread> nodes;
    for (int i = 0; i < 4; ++i)
        nodes.emplace_back([&] {
            Node node(fixture);
            for (int round = 0; round < 15; ++round) {
                static_cast<void>(node.binding.replace());
                if (node.binding.look()) throw std::runtime_error("a node found another generation");
            }
        });
    nodes.clear();
    check_in_order(fixture);
}

TEST_CASE("binding: a delayed rename does not bring an old generation back", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    Node slow(fixture), other(fixture);
    // Between the slow node's first and second step, the other node does all steps, twice.
    fixture.files.watch(1, "rename", [&] {
        CHECK(other.binding.replace());
        CHECK(other.binding.replace());
    });
    CHECK(slow.binding.replace());
    CHECK(slow.binding.look() == std::nullopt);
    check_in_order(fixture);
    const Ulid former = Ulid::make();
    CHECK_FALSE(blobs::FolderMarks(fixture.files, fixture.blobs.root()).replace(former, Ulid::make()));
    blobs::FolderMarks(fixture.files, fixture.blobs.root()).make(Ulid::make(), Ulid::make());
    check_in_order(fixture);
}

TEST_CASE("binding: another catalog is refused, and collects no garbage", "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    fixture.put("a", "one");
    TestCatalog wrong(engine);
    const bool has_own_folder = GENERATE(false, true);
    test::TempFolder own;
    if (has_own_folder) {
        const blobs::Store store(own / "shared");
        FolderBinding(wrong.pool(), store.files(), store.root()).bind(store);
    }
    FolderBinding binding(wrong.pool(), fixture.files, fixture.blobs.root());
    CHECK(binding.state() == State::foreign);
    CHECK_THROWS_WITH(binding.require_ours(), ContainsSubstring("belongs to another catalog") &&
                                                  ContainsSubstring("DB_NAME") && ContainsSubstring("bodega adopt"));
    CHECK_THROWS(binding.bind(fixture.blobs));
    CHECK_FALSE(collect(fixture, wrong));
    CHECK_FALSE(binding.replace());
    CHECK(fixture.disorder() == "");
    CHECK(Node(fixture).binding.look() == std::nullopt);
}

TEST_CASE("binding: an unmarked folder in place of a bound one is refused", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    const blobs::Store other(fixture.folder / "other");
    FolderBinding binding(fixture.catalog.pool(), other.files(), other.root());
    CHECK(binding.state() == State::absent);
    CHECK_THROWS_WITH(binding.bind(other), ContainsSubstring("no bodega.json") && ContainsSubstring("mounted"));
    CHECK(names_in(other.root()).size() == 2);
    CHECK_FALSE(FolderBinding(fixture.catalog.pool(), fixture.files, fixture.folder / "nowhere").look() ==
                std::nullopt);
}

TEST_CASE("binding: a folder and a catalog that were never bound are bound if they fit", "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    fixture.put("a", "one");
    fixture.catalog.execute(kClear);
    fs::remove_all(fixture.folder / "shared/generation");
    fs::remove(fixture.folder / "shared/bodega.json");
    TestCatalog empty(engine);
    const blobs::Store nothing(fixture.folder / "nothing");
    CHECK_THROWS_WITH(FolderBinding(empty.pool(), fixture.files, fixture.blobs.root()).bind(fixture.blobs),
                      ContainsSubstring("holds files, and the catalog names none of them"));
    CHECK_THROWS_WITH(FolderBinding(fixture.catalog.pool(), nothing.files(), nothing.root()).bind(nothing),
                      ContainsSubstring("has none of the newest files"));
    CHECK_FALSE(blobs::FolderMarks(fixture.files, nothing.root()).catalog_id());
    Node(fixture).binding.bind(fixture.blobs);
    check_in_order(fixture);
}

TEST_CASE("binding: a copy of the catalog deletes nothing, once the original replaced the generation",
          "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    TestCatalog copy(engine);
    set_row(copy, row_of(fixture.catalog));
    const Ulid blob = fixture.put("after the copy", "bytes").entry.blob_id.value();
    REQUIRE(Node(fixture).binding.replace());
    FolderBinding binding(copy.pool(), fixture.files, fixture.blobs.root());
    CHECK(binding.state() == State::ahead);
    CHECK_THROWS_WITH(binding.require_ours(), ContainsSubstring("copy") && ContainsSubstring("folder of its own"));
    CHECK_FALSE(collect(fixture, copy));
    // It never had the folder, so it does not contest it either.
    for (int i = 0; i < 5; ++i) CHECK(binding.look().value().find("copy") != std::string::npos);
    CHECK(fixture.blobs.size_of(blob) == 5);
    CHECK(Node(fixture).binding.look() == std::nullopt);
    CHECK(fixture.disorder() == "");
}

TEST_CASE("binding: files that the original took after it was copied stay, though the copy owns the folder now",
          "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    TestCatalog copy(engine);
    set_row(copy, row_of(fixture.catalog));
    const Ulid blob = fixture.put("after the copy", "bytes").entry.blob_id.value();
    fixture.create("begun after the copy", 10);
    // All nodes of the original die before the generation is replaced; then a node serves the copy for weeks.
    Node clone(fixture, copy);
    REQUIRE(clone.binding.begin());
    for (int round = 0; round < 3; ++round) REQUIRE(collect(fixture, copy));
    REQUIRE(clone.binding.begin());
    REQUIRE(collect(fixture, copy));
    CHECK(fixture.blobs.size_of(blob) == 5);
    CHECK(fixture.disorder() == "");
    CHECK(names_in(fixture.folder / "shared/incoming").size() == 2);  // and the clock
}

TEST_CASE("binding: many starts leave few rows, and take no longer", "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    constexpr db::Sql kOldest{"test.oldest", "SELECT MIN(from_at) FROM binding_gaps"};
    std::int64_t oldest = 0;
    for (int i = 0; i < store::Bindings::kMaxGaps + 10; ++i) {
        fixture.catalog.pool().transact(
            [](db::Connection& connection) { store::Bindings(connection).add_gap(1000, 3'600'000); });
        if (i == 0) oldest = fixture.catalog.number(kOldest);
    }
    CHECK(store::Bindings(*fixture.catalog.pool().acquire()).kept_times().size() < 20);
    CHECK(fixture.catalog.number(kOldest) == oldest);
}

TEST_CASE("binding: a copy that was faster makes the folder contested, and then nobody changes anything",
          "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    Node original(fixture);
    REQUIRE(original.binding.look() == std::nullopt);
    TestCatalog copy(engine);
    set_row(copy, row_of(fixture.catalog));
    fixture.put("after the copy", "bytes");
    Node clone(fixture, copy);
    REQUIRE(clone.binding.replace());
    CHECK(original.binding.look());
    CHECK_FALSE(original.binding.replace());
    CHECK_FALSE(collect(fixture, fixture.catalog));
    CHECK(clone.binding.look() == std::nullopt);
    CHECK(original.binding.look());
    CHECK(original.binding.look());
    CHECK(clone.binding.look().value().find("two copies") != std::string::npos);
    CHECK_FALSE(collect(fixture, copy));
    CHECK_FALSE(clone.binding.replace());
    CHECK(fixture.disorder() == "");
    // The documented repair, with all nodes stopped.
    CHECK_THROWS_WITH(original.binding.adopt(fixture.blobs), ContainsSubstring("stop it first"));
    fs::last_write_time(fixture.folder / "shared/generation",
                        fs::file_time_type::clock::now() - std::chrono::minutes(1));
    original.binding.adopt(fixture.blobs);
    check_in_order(fixture);
    CHECK(original.binding.look() == std::nullopt);
    CHECK(clone.binding.state() == State::foreign);
}

TEST_CASE("binding: after a failover that lost transactions a node that saw them repairs the binding",
          "[folder_binding]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    Node witness(fixture);
    REQUIRE(witness.binding.replace());
    store::Binding before = row_of(fixture.catalog);
    const bool has_proposed = GENERATE(false, true);
    REQUIRE(witness.binding.replace());
    if (has_proposed) before.next = row_of(fixture.catalog).generation;
    set_row(fixture.catalog, before);
    CHECK((Node(fixture).binding.state() == State::ours) == has_proposed);
    CHECK(witness.binding.look() == std::nullopt);
    CHECK(witness.binding.replace());
    check_in_order(fixture);
    // Files whose rows were lost are kept.
    CHECK((row_of(fixture.catalog).kept_before > 0) != has_proposed);
}

TEST_CASE("binding: files of an adopted folder stay until fsck --repair", "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    AppFixture fixture(engine);
    const Ulid blob = fixture.put("a", "of the lost catalog").entry.blob_id.value();
    TestCatalog next(engine);
    FolderBinding binding(next.pool(), fixture.files, fixture.blobs.root());
    CHECK_THROWS(binding.adopt(fixture.blobs));
    fs::last_write_time(fixture.folder / "shared/generation",
                        fs::file_time_type::clock::now() - std::chrono::minutes(1));
    binding.adopt(fixture.blobs);
    CHECK(binding.state() == State::ours);
    REQUIRE(collect(fixture, next));
    CHECK(fixture.blobs.size_of(blob) == 19);
    CHECK(Node(fixture).binding.state() == State::foreign);
    CHECK_FALSE(collect(fixture, fixture.catalog));
}

TEST_CASE("binding: a bodega.json that is damaged is an error that names it", "[folder_binding]") {
    AppFixture fixture(db::Dialect::sqlite);
    const std::string text = GENERATE("", "{}", "{\"catalog\": \"nonsense\"}", "{\"catalog\"");
    std::ofstream(fixture.folder / "shared/bodega.json") << text;
    CHECK_THROWS_WITH(Node(fixture).binding.state(), ContainsSubstring("/shared/bodega.json"));
    CHECK_THROWS(collect(fixture, fixture.catalog));
}
