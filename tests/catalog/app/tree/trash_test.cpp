#include "app/tree/trash.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/tree/name_taken.h"
#include "store/tree/entries.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using test::code_of;

namespace {

struct TrashApp : test::TreeApp {
    using TreeApp::TreeApp;

    app::Authorizer access{services};

    void put(const base::Ulid& id) { app::trash_entry(services, grant(id)); }
    void erase(const base::Ulid& id) { app::erase_entry(services, grant(id)); }
    store::Entry restore(const base::Ulid& id, const app::RestoreAs& how = {}) {
        return app::restore_entry(services, access, grant(id), how);
    }
    std::vector<std::string> names() {
        std::vector<std::string> out;
        for (const auto& item : app::list_trash(services, actor(), tree.space, std::nullopt, 100).items) {
            out.push_back(item.original_path.value_or("?") + ":" + item.entry.name);
        }
        return out;
    }
};

}  // namespace

TEST_CASE("trashing a folder takes everything below it, and frees its name", "[trash]") {
    TrashApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto below = tree.folder(folder, "b");
    const auto file = tree.file(below, "c", 10);
    const auto state = tree.entry(tree.root).state;
    app.put(folder);

    const auto top = tree.entry(folder);
    CHECK_FALSE(top.parent_id);
    CHECK(top.trash_id == folder);
    CHECK(top.trash_parent_id == tree.root);
    CHECK(top.trashed_by == "ana");
    CHECK(tree.entry(file).trash_id == folder);
    CHECK(tree.entry(file).parent_id == below);
    CHECK(tree.entry(tree.root).child_count == 0);
    CHECK(tree.entry(tree.root).state > state);
    CHECK(tree.used(tree.space) == 10);
    tree.folder(tree.root, "a");
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a trashed entry is restored unchanged", "[trash]") {
    TrashApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto file = tree.file(folder, "c", 10);
    const auto before = tree.entry(folder);
    app.put(file);
    app.put(folder);
    CHECK(code_of([&] { app.restore(file); }) == Code::conflict);  // its folder is in the trash
    const auto back = app.restore(folder);
    CHECK(back.parent_id == tree.root);
    CHECK(back.name == "a");
    CHECK(back.modified_at == before.modified_at);
    CHECK_FALSE(tree.entry(file).is_live());  // it went by itself, before
    CHECK(app.restore(file).parent_id == folder);
    CHECK(code_of([&] { app.restore(file); }) == Code::conflict);  // not in the trash
    CHECK(tree.entry(folder).child_count == 1);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("an entry below a trashed folder can be restored by itself, to that folder's place", "[trash]") {
    TrashApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto shelf = tree.folder(tree.root, "shelf"), folder = tree.folder(shelf, "a");
    const auto below = tree.folder(folder, "b");
    const auto file = tree.file(below, "c", 10), other = tree.file(folder, "d", 5);
    app.put(folder);
    const auto state = tree.entry(folder).state;
    const auto back = app.restore(below);
    CHECK(back.parent_id == shelf);
    CHECK(back.is_live());
    CHECK(tree.entry(file).is_live());
    CHECK(tree.entry(file).parent_id == below);
    CHECK_FALSE(tree.entry(other).is_live());
    CHECK(tree.entry(folder).child_count == 1);
    CHECK(tree.entry(folder).state > state);
    CHECK(tree.audit_accounts() == "");
    const auto elsewhere = tree.make_space("elsewhere");
    CHECK(app.restore(other, {tree.root_of(elsewhere), "e"}).space_id == elsewhere);
    CHECK(tree.used(elsewhere) == 5);
    CHECK(app.restore(folder).parent_id == shelf);
    CHECK(tree.entry(folder).child_count == 0);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("restore reports a name conflict, and accepts another place or name", "[trash]") {
    TrashApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto file = tree.file(folder, "c", 10);
    app.put(file);
    const auto other = tree.file(folder, "c", 5);
    try {
        app.restore(file);
        FAIL("the name was taken");
    } catch (const app::NameTaken& e) {
        CHECK(e.existing_id() == other);
    }
    CHECK(code_of([&] { app.restore(file, {{}, "a/b"}); }) == Code::name_invalid);
    CHECK(app.restore(file, {{}, "d"}).name == "d");
    app.put(file);
    app.erase(folder);
    CHECK(code_of([&] { app.restore(file); }) == Code::conflict);  // the folder is gone
    CHECK(code_of([&] { app.restore(file, {base::Ulid::make(), {}}); }) == Code::not_found);
    CHECK(app.restore(file, {tree.root, {}}).parent_id == tree.root);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("an entry below a trashed folder can't be erased by itself", "[trash]") {
    TrashApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto file = tree.file(folder, "c");
    app.put(folder);
    CHECK(code_of([&] { app.erase(file); }) == Code::conflict);
    CHECK(code_of([&] { app.put(file); }) == Code::not_found);
    CHECK(code_of([&] { app.put(tree.root); }) == Code::conflict);
    CHECK(code_of([&] { app.erase(tree.root); }) == Code::conflict);
}

TEST_CASE("restoring into another space moves the quota use", "[trash]") {
    TrashApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto file = tree.file(folder, "c", 10);
    const auto small = tree.make_space("Small", 9);
    const auto other = tree.make_space("Other", 10);
    app.put(folder);
    CHECK(code_of([&] { app.restore(folder, {tree.root_of(small), {}}); }) == Code::quota_exceeded);
    app.restore(folder, {tree.root_of(other), {}});
    CHECK(tree.entry(file).space_id == other);
    CHECK(tree.entry(file).is_live());
    CHECK(tree.used(tree.space) == 0);
    CHECK(tree.used(other) == 10);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("the trash is listed newest first, in pages, with original places", "[trash]") {
    TrashApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto below = tree.folder(folder, "b");
    const auto file = tree.file(below, "c");
    const auto top = tree.file(tree.root, "d");
    app.put(file);
    app.put(folder);
    app.put(top);
    app.catalog.execute({"test.times", "UPDATE entries SET trashed_at = 100 WHERE id = ?"}, {file});
    app.catalog.execute({"test.times", "UPDATE entries SET trashed_at = 200 WHERE id = ?"}, {folder});
    CHECK(app.names() == std::vector<std::string>{":d", ":a", "a/b:c"});
    std::optional<std::string> cursor;
    std::vector<std::string> paged;
    for (int i = 0; i < 3; ++i) {
        const auto page = app::list_trash(app.services, app.actor(), tree.space, cursor, 1);
        REQUIRE(page.items.size() == 1);
        paged.push_back(page.items[0].entry.name);
        cursor = page.next_cursor;
    }
    CHECK(paged == std::vector<std::string>{"d", "a", "c"});
    CHECK_FALSE(cursor);
    CHECK(code_of([&] { app::list_trash(app.services, app.actor(), tree.space, "nonsense", 1); }) == Code::invalid);
    app.erase(folder);
    CHECK(app.names() == std::vector<std::string>{":d", "?:c"});
}
