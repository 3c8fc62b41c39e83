#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/tree/trash.h"
#include "store/tree/entries.h"
#include "store/tree/trash.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;

namespace {

constexpr db::Sql kEntries{"test.entries", "SELECT COUNT(*) FROM entries"};
constexpr db::Sql kReleased{"test.released", "SELECT COUNT(*) FROM blobs WHERE released_at IS NOT NULL"};
constexpr db::Sql kBackdate{"test.backdate", "UPDATE entries SET trashed_at = ? WHERE trashed_at > 0"};

}  // namespace

TEST_CASE("erasing returns the bytes of all versions and releases the blobs", "[trash]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    const auto file = tree.file(folder, "c", 10);
    const auto content = tree.content(100);
    app.catalog.pool().transact([&](db::Connection& connection) {
        store::Entries entries(connection);
        entries.replace_content(entries.lock(file), content, tree.user, 1, 20);
    });
    tree.file(tree.root, "stays", 1);
    CHECK(tree.used(tree.space) == 111);
    app::erase_entry(app.services, app.grant(folder));
    CHECK(tree.is_gone(folder));
    CHECK(tree.is_gone(file));
    CHECK(tree.used(tree.space) == 1);
    CHECK(app.catalog.number(kReleased) == 2);
    CHECK(tree.entry(tree.root).child_count == 1);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a big folder is erased in batches, and garbage collection erases the rest", "[trash]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "a");
    for (int i = 0; i < 25; ++i) tree.file(folder, "f" + std::to_string(i), 1);
    const auto before = app.catalog.number(kEntries);
    app::trash_entry(app.services, app.grant(folder));
    app.catalog.pool().transact([&](db::Connection& connection) {
        store::Entries(connection).lock(folder);
        store::Trash(connection).mark_for_deletion(folder);
        CHECK(store::Trash(connection).delete_some_marked(tree.space, 10) == 10);
    });
    CHECK(app.catalog.number(kEntries) == before - 10);
    CHECK(tree.used(tree.space) == 15);
    CHECK(app::list_trash(app.services, app.actor(), tree.space, std::nullopt, 10).items.empty());
    CHECK(test::code_of([&] {
              app::Authorizer access(app.services);
              app::restore_entry(app.services, access, app.grant(folder), {});
          }) == Code::not_found);
    app.config.files.trash_keep = config::Duration(0);
    CHECK(app::expire_trash(app.services, base::now_ms(), 1000) == 16);
    CHECK(tree.is_gone(folder));
    CHECK(tree.used(tree.space) == 0);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("the trash expires after its time, and not before", "[trash]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto now = base::now_ms();
    const auto old = tree.file(tree.root, "old", 5);
    app::trash_entry(app.services, app.grant(old));
    app.catalog.execute(kBackdate, {now - app.config.files.trash_keep.count() - 1});
    const auto fresh = tree.file(tree.root, "fresh", 7);
    app::trash_entry(app.services, app.grant(fresh));
    const auto live = tree.file(tree.root, "live", 1);
    CHECK(app::expire_trash(app.services, now, 1000) == 1);
    CHECK(tree.is_gone(old));
    CHECK_FALSE(tree.is_gone(fresh));
    CHECK(tree.entry(live).is_live());
    CHECK(tree.used(tree.space) == 8);

    app.config.files.trash_keep = config::Duration(0);  // for ever
    app.catalog.execute(kBackdate, {1});
    CHECK(app::expire_trash(app.services, now, 1000) == 0);
    CHECK_FALSE(tree.is_gone(fresh));
}

TEST_CASE("emptying the trash keeps live entries and other spaces", "[trash]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto other = tree.make_space("Other");
    const auto elsewhere = tree.file(tree.root_of(other), "x", 3);
    app::trash_entry(app.services, app.grant(elsewhere));
    for (const char* name : {"a", "b"}) app::trash_entry(app.services, app.grant(tree.file(tree.root, name, 2)));
    tree.file(tree.root, "live", 1);
    app::empty_trash(app.services, app.actor(), tree.space);
    CHECK(app::list_trash(app.services, app.actor(), tree.space, std::nullopt, 10).items.empty());
    CHECK(tree.used(tree.space) == 1);
    CHECK_FALSE(tree.is_gone(elsewhere));
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a viewer can't delete or restore", "[trash]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    const auto file = app.tree.file(app.tree.root, "a");
    const auto viewer = app.grant(file, store::SpaceRole::viewer);
    app::Authorizer access(app.services);
    CHECK(test::code_of([&] { app::trash_entry(app.services, viewer); }) == Code::forbidden);
    CHECK(test::code_of([&] { app::erase_entry(app.services, viewer); }) == Code::forbidden);
    CHECK(test::code_of([&] { app::restore_entry(app.services, access, viewer, {}); }) == Code::forbidden);
    CHECK(app.tree.entry(file).is_live());
}
