#include "app/tree/copy.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/tree/trash.h"
#include "app/tree/versions.h"
#include "store/tree/entries.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using test::code_of;

namespace {

constexpr db::Sql kReleased{"test.released", "SELECT COUNT(*) FROM blobs WHERE released_at IS NOT NULL"};

constexpr db::Sql kQuota{"test.quota", "UPDATE spaces SET quota_bytes = ? WHERE quota_bytes IS NULL"};
constexpr db::Sql kAge{"test.age", "UPDATE versions SET created_at = ? WHERE entry_id = ?"};

struct CopyApp : test::TreeApp {
    using TreeApp::TreeApp;

    store::Entry copy(const base::Ulid& id, const base::Ulid& folder, std::optional<std::string> name = {}) {
        return app::copy_entry(services, grant(id, store::SpaceRole::viewer), grant(folder), name);
    }
    std::optional<store::Entry> child(const base::Ulid& folder, std::string_view name) {
        return store::Entries(*catalog.pool().acquire()).find_child(folder, name);
    }
    std::int64_t replace(const base::Ulid& file, std::int64_t size) {
        const auto content = tree.content(size);
        return catalog.pool().transact([&](db::Connection& connection) {
            store::Entries entries(connection);
            return entries.replace_content(entries.lock(file), content, tree.user, 5, 20);
        });
    }
};

}  // namespace

TEST_CASE("a copied file shares the blob, which stays when the source is deleted", "[copy]") {
    CopyApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto file = tree.file(tree.root, "a", 10);
    app.replace(file, 20);
    CHECK(code_of([&] { app.copy(file, tree.root); }) == Code::name_taken);
    const auto copy = app.copy(file, tree.root, "b");
    CHECK(copy.blob_id == tree.entry(file).blob_id);
    CHECK(copy.size == 20);
    CHECK(copy.version == 1);
    CHECK(tree.used(tree.space) == 50);
    app::erase_entry(app.services, app.grant(file));
    CHECK(tree.used(tree.space) == 20);
    CHECK(app.catalog.number(kReleased) == 2);  // garbage collection finds that one is still in use
    const auto again = app.copy(copy.id, tree.root, "c");
    CHECK(app.catalog.number(kReleased) == 1);
    CHECK(again.blob_id == copy.blob_id);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a folder is copied completely, except its trash", "[copy]") {
    CopyApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto a = tree.folder(tree.root, "a");
    const auto b = tree.folder(a, "b");
    for (int i = 0; i < 150; ++i) tree.file(b, "file " + std::to_string(i), 1);
    app::trash_entry(app.services, app.grant(tree.file(b, "trashed", 1)));
    tree.folder(b, "empty");
    const auto copy = app.copy(a, tree.root, "copy of a");
    CHECK(copy.child_count == 1);
    const auto b2 = app.child(copy.id, "b").value();
    CHECK(b2.child_count == 151);
    CHECK(app.child(b2.id, "file 149"));
    CHECK(app.child(b2.id, "empty"));
    CHECK_FALSE(app.child(b2.id, "trashed"));
    CHECK(tree.used(tree.space) == 301);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a folder copied into itself contains its state from before", "[copy]") {
    CopyApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto a = tree.folder(tree.root, "a");
    tree.file(a, "f", 1);
    const auto copy = app.copy(a, a);
    CHECK(copy.parent_id == a);
    CHECK(copy.child_count == 1);
    CHECK(tree.entry(a).child_count == 2);
    CHECK(code_of([&] { app.copy(tree.root, a); }) == Code::conflict);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a copy needs room for all of it, and an editor", "[copy]") {
    CopyApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto a = tree.folder(tree.root, "a");
    for (int i = 0; i < 3; ++i) tree.file(a, "f" + std::to_string(i), 10);
    const auto small = tree.make_space("Small", 29);
    const auto root = tree.root_of(small);
    CHECK(code_of([&] { app.copy(a, root); }) == Code::quota_exceeded);
    CHECK(tree.entry(root).child_count == 0);
    CHECK(tree.used(small) == 0);
    const auto viewer = app.grant(root, store::SpaceRole::viewer);
    CHECK(code_of([&] { app::copy_entry(app.services, app.grant(a), viewer, {}); }) == Code::forbidden);
    CHECK(code_of([&] { app.copy(a, root, "a\tb"); }) == Code::name_invalid);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("an older version is restored under a new number, and costs no room", "[versions]") {
    CopyApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto file = tree.file(tree.root, "a", 10);
    const auto first = tree.entry(file);
    app.replace(file, 20);
    const auto versions = app::list_versions(app.services, app.grant(file));
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].number == 2);
    CHECK(versions[0].content.size == 20);
    CHECK(versions[1].created_at == first.modified_at);
    app.catalog.execute(kQuota, {1});  // less than what is there
    const auto restored = app::restore_version(app.services, app.grant(file), 1);
    CHECK(restored.version == 3);
    CHECK(restored.sha256 == first.sha256);
    CHECK(restored.blob_id == first.blob_id);
    CHECK(tree.used(tree.space) == 30);
    CHECK(app::restore_version(app.services, app.grant(file), 3).version == 3);
    CHECK(code_of([&] { app::restore_version(app.services, app.grant(file), 1); }) == Code::not_found);
    CHECK(code_of([&] { app::restore_version(app.services, app.grant(file), 9); }) == Code::not_found);
    CHECK(app::find_version(app.services, app.grant(file), 2).content.size == 20);
    CHECK(code_of([&] { app::find_version(app.services, app.grant(file), 4); }) == Code::not_found);
    CHECK(code_of([&] { app::list_versions(app.services, app.grant(tree.root)); }) == Code::conflict);
    CHECK(code_of([&] { app::restore_version(app.services, app.grant(file, store::SpaceRole::viewer), 2); }) ==
          Code::forbidden);
    app.config.files.versions_keep = 1;
    CHECK(app::restore_version(app.services, app.grant(file), 2).version == 4);
    CHECK(app::list_versions(app.services, app.grant(file)).size() == 2);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("an older version can be deleted by itself, and gives its bytes back", "[versions]") {
    CopyApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto file = tree.file(tree.root, "a", 10);
    app.replace(file, 20);
    app.replace(file, 40);
    const auto numbers = [&] {
        std::vector<std::int64_t> out;
        for (const auto& version : app::list_versions(app.services, app.grant(file))) out.push_back(version.number);
        return out;
    };
    CHECK(code_of([&] { app::delete_version(app.services, app.grant(file, store::SpaceRole::viewer), 1); }) ==
          Code::forbidden);
    CHECK(code_of([&] { app::delete_version(app.services, app.grant(file), 3); }) == Code::conflict);
    CHECK(code_of([&] { app::delete_version(app.services, app.grant(file), 7); }) == Code::not_found);
    CHECK(code_of([&] { app::delete_version(app.services, app.grant(tree.root), 1); }) == Code::conflict);
    CHECK(tree.used(tree.space) == 70);
    app::delete_version(app.services, app.grant(file), 1);
    CHECK(numbers() == std::vector<std::int64_t>{3, 2});
    CHECK(tree.used(tree.space) == 60);
    CHECK(code_of([&] { app::delete_version(app.services, app.grant(file), 1); }) == Code::not_found);
    CHECK(app.catalog.number(kReleased) == 1);
    CHECK(tree.entry(file).size == 40);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("in a full space old versions are evicted, oldest first, as configured", "[versions]") {
    CopyApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto a = tree.file(tree.root, "a", 10), b = tree.file(tree.root, "b", 10);
    app.replace(a, 10);
    app.replace(b, 10);
    app.replace(a, 10);  // 50 bytes, of which 30 are former versions
    const auto other = tree.root_of(tree.make_space("Other", 1000));
    const auto big = tree.file(other, "big", 25);
    app.catalog.execute(kQuota, {55});
    const auto copy = [&] { return code_of([&] { app.copy(big, tree.root); }); };
    CHECK(copy() == Code::quota_exceeded);  // off by default
    app.config.files.evict_versions_after = std::chrono::hours(1);
    CHECK(copy() == Code::quota_exceeded);  // all of them are younger
    app.catalog.execute(kAge, {1, b});
    app.catalog.execute(kAge, {2, a});
    CHECK(copy() == std::nullopt);  // 20 bytes have to go: b's, then a's oldest
    CHECK(app::list_versions(app.services, app.grant(b)).size() == 1);
    const auto left = app::list_versions(app.services, app.grant(a));
    REQUIRE(left.size() == 2);
    CHECK(left[1].number == 2);
    CHECK(tree.used(tree.space) == 55);
    CHECK(code_of([&] { app.copy(big, tree.root, "again"); }) ==
          Code::quota_exceeded);  // evicting 10 bytes would not be enough, so they stay
    CHECK(app::list_versions(app.services, app.grant(a)).size() == 2);
    CHECK(tree.audit_accounts() == "");
}
