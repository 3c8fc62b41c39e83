#include "app/tree/move.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/tree/entry_details.h"
#include "app/tree/folders.h"
#include "app/tree/name_taken.h"
#include "store/tree/entries.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using test::code_of;

namespace {

constexpr db::Sql kAudited{"test.audited", "SELECT COUNT(*) FROM audit WHERE action = ? AND target_id = ?"};

struct MoveApp : test::TreeApp {
    using TreeApp::TreeApp;

    store::Entry rename(const base::Ulid& id, const std::string& name, std::optional<app::ExpectedTags> expected = {}) {
        return app::move_entry(services, grant(id), {name, {}, std::move(expected)});
    }
    store::Entry move(const base::Ulid& id, const base::Ulid& folder, std::optional<std::string> name = {}) {
        return app::move_entry(services, grant(id), {std::move(name), grant(folder), {}});
    }
    std::string tag(const base::Ulid& id) {
        auto connection = catalog.pool().acquire();
        return app::entry_tag(app::entry_details(*connection, tree.entry(id), store::SpaceRole::manager));
    }
};

}  // namespace

TEST_CASE("a rename is exact, audited and shown by the folder's state", "[move]") {
    MoveApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto file = tree.file(tree.root, "a");
    const auto state = tree.entry(tree.root).state;
    CHECK(app.rename(file, "cafe\xcc\x81").name == "caf\xc3\xa9");
    CHECK(tree.entry(tree.root).state > state);
    CHECK(app.rename(file, "CAF\xc3\x89").name == "CAF\xc3\x89");  // another name, though folded the same
    CHECK(app.catalog.number(kAudited, {"entry.rename", file}) == 2);
    CHECK(code_of([&] { app.rename(file, ".."); }) == Code::name_invalid);
    CHECK(code_of([&] { app.rename(tree.root, "x"); }) == Code::conflict);
    const auto other = tree.file(tree.root, "b");
    try {
        app.rename(file, "b");
        FAIL("the name was taken");
    } catch (const app::NameTaken& e) {
        CHECK(e.existing_id() == other);
    }
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a rename to the same name changes nothing", "[move]") {
    MoveApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto file = tree.file(tree.root, "a");
    const auto state = tree.entry(tree.root).state;
    CHECK(app.rename(file, "a").name == "a");
    CHECK(app.move(file, tree.root).parent_id == tree.root);
    CHECK(tree.entry(tree.root).state == state);
}

TEST_CASE("a folder can't be moved into itself or below", "[move]") {
    MoveApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto a = tree.folder(tree.root, "a");
    const auto b = tree.folder(a, "b");
    const auto c = tree.folder(b, "c");
    const auto file = tree.file(c, "f");
    for (const auto& target : {a, b, c}) CHECK(code_of([&] { app.move(a, target); }) == Code::conflict);
    CHECK(code_of([&] { app.move(a, file); }) == Code::conflict);
    CHECK(code_of([&] { app.move(tree.root, a); }) == Code::conflict);
    CHECK(app.move(c, tree.root).parent_id == tree.root);
    CHECK(app.move(a, c).parent_id == c);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a move updates both folders' counts and may rename", "[move]") {
    MoveApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto a = tree.folder(tree.root, "a");
    const auto b = tree.folder(tree.root, "b");
    const auto file = tree.file(a, "f", 10);
    const auto before = tree.entry(file);
    const auto state = tree.entry(a).state;
    tree.file(b, "f");
    CHECK(code_of([&] { app.move(file, b); }) == Code::name_taken);
    const auto moved = app.move(file, b, "g");
    CHECK(moved.name == "g");
    CHECK(moved.modified_at == before.modified_at);
    CHECK(tree.entry(a).child_count == 0);
    CHECK(tree.entry(b).child_count == 2);
    CHECK(tree.entry(a).state > state);
    CHECK(app.catalog.number(kAudited, {"entry.move", file}) == 1);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a move to another space moves everything below and its quota use", "[move]") {
    MoveApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto other = tree.make_space("Other", 30);
    const auto root = tree.root_of(other);
    const auto folder = tree.folder(tree.root, "a");
    const auto file = tree.file(folder, "f", 10);
    const auto content = tree.content(20);
    app.catalog.pool().transact([&](db::Connection& connection) {
        store::Entries entries(connection);
        entries.replace_content(entries.lock(file), content, tree.user, 1, 20);
    });
    tree.file(folder, "g", 1);
    CHECK(code_of([&] { app.move(folder, root); }) == Code::quota_exceeded);
    CHECK(tree.entry(file).space_id == tree.space);
    CHECK(tree.used(tree.space) == 31);
    app.catalog.execute({"test.quota", "UPDATE spaces SET quota_bytes = 31 WHERE id = ?"}, {other});
    app.move(folder, root);
    CHECK(tree.entry(file).space_id == other);
    CHECK(tree.used(tree.space) == 0);
    CHECK(tree.used(other) == 31);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a move needs the editor role in both spaces", "[move]") {
    MoveApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto file = tree.file(tree.root, "f");
    const auto viewer = store::SpaceRole::viewer;
    const auto move = [&](const app::Grant& from, const app::Grant& to) {
        return code_of([&] { app::move_entry(app.services, from, {{}, to, {}}); });
    };
    CHECK(move(app.grant(file, viewer), app.grant(folder)) == Code::forbidden);
    CHECK(move(app.grant(file), app.grant(folder, viewer)) == Code::forbidden);
    CHECK(code_of([&] { app::make_folder(app.services, app.grant(folder, viewer), "x"); }) == Code::forbidden);
    CHECK(move(app.grant(file), app.grant(folder, store::SpaceRole::editor)) == std::nullopt);
}

TEST_CASE("If-Match refuses a change of a newer state", "[move]") {
    MoveApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto file = tree.file(tree.root, "a");
    auto expected = [](std::string tag) { return app::ExpectedTags{false, {std::move(tag)}}; };
    const auto seen = app.tag(file);
    CHECK(app.rename(file, "b", expected(seen)).name == "b");
    CHECK(code_of([&] { app.rename(file, "c", expected(seen)); }) == Code::precondition_failed);
    CHECK(app.rename(file, "c", app::ExpectedTags{false, {"\"other\"", app.tag(file)}}).name == "c");
    CHECK(app.rename(file, "d", app::ExpectedTags{true, {}}).name == "d");
    CHECK(code_of([&] { app.rename(file, "e", app::ExpectedTags{}); }) == Code::precondition_failed);
}
