// Folder and catalog belong to each other: whatever crashes, comes late, fails over or is copied.
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
using test::Depot;
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

// One of the processes that work on a catalog and the depot's folder.
struct Node {
    Node(Depot& depot, TestCatalog& catalog) : binding(catalog.pool(), depot.files, depot.blobs.root()) {}
    explicit Node(Depot& depot) : Node(depot, depot.catalog) {}
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

// The folder has one generation, which the catalog names, and no drafts.
void check_in_order(Depot& depot) {
    const store::Binding row = row_of(depot.catalog);
    CHECK_FALSE(row.next);
    CHECK(names_in(depot.folder / "shared/generation") == std::vector{row.generation.value().text()});
    CHECK(blobs::FolderMarks(depot.files, depot.blobs.root()).catalog_id() == row.catalog_id);
}

// What a sweeper of that catalog removes that finds everything old.
std::optional<app::Swept> sweep(Depot& depot, TestCatalog& catalog) {
    const app::Services services{depot.config, catalog.pool(), depot.blobs};
    app::Sweeper sweeper(services, Ulid::make(), std::chrono::hours(-1));
    std::optional<app::Swept> swept = sweeper.pass();
    if (swept) test::sweep_all_orphans(sweeper, depot.blobs);
    sweeper.leave();
    return swept;
}

}  // namespace

TEST_CASE("binding: a generation is replaced again and again, by any node", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    Node one(depot), two(depot);
    std::optional<Ulid> last = row_of(depot.catalog).generation;
    for (Node* node : {&one, &two, &one}) {
        CHECK(node->binding.replace());
        CHECK(row_of(depot.catalog).generation != last);
        last = row_of(depot.catalog).generation;
        check_in_order(depot);
        CHECK(one.binding.look() == std::nullopt);
        CHECK(two.binding.look() == std::nullopt);
    }
}

TEST_CASE("binding: a crash between any two steps is completed by the next node", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const Ulid next = Ulid::make();
    const Ulid from = row_of(depot.catalog).generation.value();
    REQUIRE(store::Bindings(*depot.catalog.pool().acquire()).propose(from, next));
    if (GENERATE(false, true)) REQUIRE(blobs::FolderMarks(depot.files, depot.blobs.root()).replace(from, next));
    Node node(depot);
    CHECK(node.binding.state() == State::ours);
    CHECK(node.binding.replace());
    CHECK(row_of(depot.catalog).generation == next);
    check_in_order(depot);
}

TEST_CASE("binding: whatever call fails, or happens and fails, the folder stays the catalog's", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const How how = GENERATE(How::fail, How::happen_and_fail);
    const int error = GENERATE(EIO, ESTALE, ENOENT, ETIMEDOUT);
    Node node(depot);
    for (int step = 1;; ++step) {
        depot.files.arm(step, how, error);
        try {
            static_cast<void>(node.binding.replace());
        } catch (const base::Error&) {
        }
        const bool over = depot.files.struck().empty();
        depot.files.disarm();
        CHECK(Node(depot).binding.state() == State::ours);
        CHECK(node.binding.replace());
        check_in_order(depot);
        if (over) break;
    }
}

TEST_CASE("binding: the first binding survives a fault at any call", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const How how = GENERATE(How::fail, How::happen_and_fail);
    for (int step = 1;; ++step) {
        depot.catalog.execute(kClear);
        fs::remove_all(depot.folder / "shared/generation");
        fs::remove(depot.folder / "shared/bodega.json");
        depot.files.arm(step, how, EIO);
        try {
            Node(depot).binding.bind(depot.blobs);
        } catch (const base::Error&) {
        }
        const bool over = depot.files.struck().empty();
        depot.files.disarm();
        Node(depot).binding.bind(depot.blobs);
        check_in_order(depot);
        if (over) break;
    }
}

TEST_CASE("binding: nodes that replace it all at once agree", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    std::vector<std::jthread> nodes;
    for (int i = 0; i < 4; ++i)
        nodes.emplace_back([&] {
            Node node(depot);
            for (int round = 0; round < 15; ++round) {
                static_cast<void>(node.binding.replace());
                if (node.binding.look()) throw std::runtime_error("a node found another generation");
            }
        });
    nodes.clear();
    check_in_order(depot);
}

TEST_CASE("binding: a rename that comes late brings nothing back", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    Node slow(depot), other(depot);
    // Between the slow node's first step and its second, the other does all of it, twice.
    depot.files.watch(1, "rename", [&] {
        CHECK(other.binding.replace());
        CHECK(other.binding.replace());
    });
    CHECK(slow.binding.replace());
    CHECK(slow.binding.look() == std::nullopt);
    check_in_order(depot);
    const Ulid former = Ulid::make();
    CHECK_FALSE(blobs::FolderMarks(depot.files, depot.blobs.root()).replace(former, Ulid::make()));
    blobs::FolderMarks(depot.files, depot.blobs.root()).make(Ulid::make(), Ulid::make());
    check_in_order(depot);
}

TEST_CASE("binding: another catalog is refused, and sweeps nothing", "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    Depot depot(engine);
    depot.put("a", "one");
    TestCatalog wrong(engine);
    const bool has_own_folder = GENERATE(false, true);
    test::TempFolder own;
    if (has_own_folder) {
        const blobs::Store store(own / "shared");
        FolderBinding(wrong.pool(), store.files(), store.root()).bind(store);
    }
    FolderBinding binding(wrong.pool(), depot.files, depot.blobs.root());
    CHECK(binding.state() == State::foreign);
    CHECK_THROWS_WITH(binding.require_ours(), ContainsSubstring("belongs to another catalog") &&
                                                  ContainsSubstring("DB_NAME") && ContainsSubstring("bodega adopt"));
    CHECK_THROWS(binding.bind(depot.blobs));
    CHECK_FALSE(sweep(depot, wrong));
    CHECK_FALSE(binding.replace());
    CHECK(depot.disorder() == "");
    CHECK(Node(depot).binding.look() == std::nullopt);
}

TEST_CASE("binding: a folder without marks in its place is refused", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    const blobs::Store other(depot.folder / "other");
    FolderBinding binding(depot.catalog.pool(), other.files(), other.root());
    CHECK(binding.state() == State::absent);
    CHECK_THROWS_WITH(binding.bind(other), ContainsSubstring("no bodega.json") && ContainsSubstring("mounted"));
    CHECK(names_in(other.root()).size() == 2);
    CHECK_FALSE(FolderBinding(depot.catalog.pool(), depot.files, depot.folder / "nowhere").look() == std::nullopt);
}

TEST_CASE("binding: what was never bound is bound if folder and catalog fit", "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    Depot depot(engine);
    depot.put("a", "one");
    depot.catalog.execute(kClear);
    fs::remove_all(depot.folder / "shared/generation");
    fs::remove(depot.folder / "shared/bodega.json");
    TestCatalog empty(engine);
    const blobs::Store nothing(depot.folder / "nothing");
    CHECK_THROWS_WITH(FolderBinding(empty.pool(), depot.files, depot.blobs.root()).bind(depot.blobs),
                      ContainsSubstring("holds files, and the catalog names none of them"));
    CHECK_THROWS_WITH(FolderBinding(depot.catalog.pool(), nothing.files(), nothing.root()).bind(nothing),
                      ContainsSubstring("has none of the newest files"));
    CHECK_FALSE(blobs::FolderMarks(depot.files, nothing.root()).catalog_id());
    Node(depot).binding.bind(depot.blobs);
    check_in_order(depot);
}

TEST_CASE("binding: a copy of the catalog deletes nothing, once the original replaced the generation",
          "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    Depot depot(engine);
    TestCatalog copy(engine);
    set_row(copy, row_of(depot.catalog));
    const Ulid blob = depot.put("after the copy", "bytes").entry.blob_id.value();
    REQUIRE(Node(depot).binding.replace());
    FolderBinding binding(copy.pool(), depot.files, depot.blobs.root());
    CHECK(binding.state() == State::ahead);
    CHECK_THROWS_WITH(binding.require_ours(), ContainsSubstring("copy") && ContainsSubstring("folder of its own"));
    CHECK_FALSE(sweep(depot, copy));
    // It never had the folder, so it does not contest it either.
    for (int i = 0; i < 5; ++i) CHECK(binding.look().value().find("copy") != std::string::npos);
    CHECK(depot.blobs.size_of(blob) == 5);
    CHECK(Node(depot).binding.look() == std::nullopt);
    CHECK(depot.disorder() == "");
}

TEST_CASE("binding: what the original took in after it was copied stays, though the copy has the folder now",
          "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    Depot depot(engine);
    TestCatalog copy(engine);
    set_row(copy, row_of(depot.catalog));
    const Ulid blob = depot.put("after the copy", "bytes").entry.blob_id.value();
    depot.create("begun after the copy", 10);
    // All of the original's nodes die before the generation is replaced; then one serves the copy, for weeks.
    Node clone(depot, copy);
    REQUIRE(clone.binding.begin());
    for (int round = 0; round < 3; ++round) REQUIRE(sweep(depot, copy));
    REQUIRE(clone.binding.begin());
    REQUIRE(sweep(depot, copy));
    CHECK(depot.blobs.size_of(blob) == 5);
    CHECK(depot.disorder() == "");
    CHECK(names_in(depot.folder / "shared/incoming").size() == 2);  // and the clock
}

TEST_CASE("binding: many starts stay few rows, and lose no time", "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    constexpr db::Sql kOldest{"test.oldest", "SELECT MIN(from_at) FROM binding_gaps"};
    std::int64_t oldest = 0;
    for (int i = 0; i < store::Bindings::kMostGaps + 10; ++i) {
        depot.catalog.pool().transact(
            [](db::Connection& connection) { store::Bindings(connection).add_gap(1000, 3'600'000); });
        if (i == 0) oldest = depot.catalog.number(kOldest);
    }
    CHECK(store::Bindings(*depot.catalog.pool().acquire()).kept_times().size() < 20);
    CHECK(depot.catalog.number(kOldest) == oldest);
}

TEST_CASE("binding: a copy that was faster is contested, and then nobody changes anything", "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    Depot depot(engine);
    Node original(depot);
    REQUIRE(original.binding.look() == std::nullopt);
    TestCatalog copy(engine);
    set_row(copy, row_of(depot.catalog));
    depot.put("after the copy", "bytes");
    Node clone(depot, copy);
    REQUIRE(clone.binding.replace());
    CHECK(original.binding.look());
    CHECK_FALSE(original.binding.replace());
    CHECK_FALSE(sweep(depot, depot.catalog));
    CHECK(clone.binding.look() == std::nullopt);
    CHECK(original.binding.look());
    CHECK(original.binding.look());
    CHECK(clone.binding.look().value().find("two copies") != std::string::npos);
    CHECK_FALSE(sweep(depot, copy));
    CHECK_FALSE(clone.binding.replace());
    CHECK(depot.disorder() == "");
    // The way out, once all is quiet.
    CHECK_THROWS_WITH(original.binding.adopt(depot.blobs), ContainsSubstring("stop it first"));
    fs::last_write_time(depot.folder / "shared/generation", fs::file_time_type::clock::now() - std::chrono::minutes(1));
    original.binding.adopt(depot.blobs);
    check_in_order(depot);
    CHECK(original.binding.look() == std::nullopt);
    CHECK(clone.binding.state() == State::foreign);
}

TEST_CASE("binding: a fail-over that lost the latest transactions is taken up by a node that saw them",
          "[folder_binding]") {
    Depot depot(GENERATE(from_range(test::engines())));
    Node witness(depot);
    REQUIRE(witness.binding.replace());
    store::Binding before = row_of(depot.catalog);
    const bool has_proposed = GENERATE(false, true);
    REQUIRE(witness.binding.replace());
    if (has_proposed) before.next = row_of(depot.catalog).generation;
    set_row(depot.catalog, before);
    CHECK((Node(depot).binding.state() == State::ours) == has_proposed);
    CHECK(witness.binding.look() == std::nullopt);
    CHECK(witness.binding.replace());
    check_in_order(depot);
    // Files whose rows were lost are kept.
    CHECK((row_of(depot.catalog).kept_before > 0) != has_proposed);
}

TEST_CASE("binding: what an adopted folder holds stays until fsck --repair", "[folder_binding]") {
    const auto engine = GENERATE(from_range(test::engines()));
    Depot depot(engine);
    const Ulid blob = depot.put("a", "of the lost catalog").entry.blob_id.value();
    TestCatalog next(engine);
    FolderBinding binding(next.pool(), depot.files, depot.blobs.root());
    CHECK_THROWS(binding.adopt(depot.blobs));
    fs::last_write_time(depot.folder / "shared/generation", fs::file_time_type::clock::now() - std::chrono::minutes(1));
    binding.adopt(depot.blobs);
    CHECK(binding.state() == State::ours);
    REQUIRE(sweep(depot, next));
    CHECK(depot.blobs.size_of(blob) == 19);
    CHECK(Node(depot).binding.state() == State::foreign);
    CHECK_FALSE(sweep(depot, depot.catalog));
}

TEST_CASE("binding: a bodega.json that is damaged is an error that names it", "[folder_binding]") {
    Depot depot(db::Dialect::sqlite);
    const std::string text = GENERATE("", "{}", "{\"catalog\": \"nonsense\"}", "{\"catalog\"");
    std::ofstream(depot.folder / "shared/bodega.json") << text;
    CHECK_THROWS_WITH(Node(depot).binding.state(), ContainsSubstring("/shared/bodega.json"));
    CHECK_THROWS(sweep(depot, depot.catalog));
}
