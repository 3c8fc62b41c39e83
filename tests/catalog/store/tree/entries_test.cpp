#include "store/tree/entries.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/names/name.h"
#include "base/error.h"
#include "store/tree/versions.h"
#include "support/catalog.h"
#include "support/code_of.h"
#include "support/tree.h"

using namespace bodega;
using store::Entries;
using test::code_of;

namespace {

std::int64_t replace(test::Tree& tree, const base::Ulid& file, std::int64_t size, int keep = 20) {
    const auto content = tree.content(size);
    return tree.catalog.pool().transact([&](db::Connection& connection) {
        Entries entries(connection);
        return entries.replace_content(entries.lock(file), content, tree.user, 77, keep);
    });
}

}  // namespace

TEST_CASE("an inserted file is read back with all its values", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto id = tree.file(tree.root, "año.txt", 42, "text/plain");

    const auto entry = tree.entry(id);
    CHECK(entry.space_id == tree.space);
    CHECK(entry.parent_id == tree.root);
    CHECK(entry.kind == store::EntryKind::file);
    CHECK(entry.name == "año.txt");
    CHECK(entry.size == 42);
    CHECK(entry.mime == "text/plain");
    CHECK(entry.blob_id);
    CHECK(entry.sha256.value()[0] == 42);
    CHECK(entry.version == 1);
    CHECK(entry.modified_by == "ana");
    CHECK(entry.is_live());
    auto connection = catalog.pool().acquire();
    CHECK(Entries(*connection).find_child(tree.root, "año.txt")->id == id);
    CHECK_FALSE(Entries(*connection).find_child(tree.root, "AÑO.txt"));
    CHECK_FALSE(Entries(*connection).find(base::Ulid::make()));
}

TEST_CASE("an insert keeps the folder's count and state and the space's bytes", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto before = tree.entry(tree.root);
    tree.file(tree.root, "a", 10);
    tree.folder(tree.root, "b");
    const auto after = tree.entry(tree.root);
    CHECK(after.child_count == before.child_count + 2);
    CHECK(after.state > before.state);
    CHECK(tree.used(tree.space) == 10);
    CHECK(after.modified_at == before.modified_at);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("an insert with a taken name reports a duplicate and changes nothing", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    tree.file(tree.root, "a", 10);
    const auto state = tree.entry(tree.root).state;
    const auto outcome = catalog.pool().transact([&](db::Connection& connection) {
        return Entries(connection)
            .insert({.id = base::Ulid::make(),
                     .space_id = tree.space,
                     .parent_id = tree.root,
                     .kind = store::EntryKind::folder,
                     .name = "a",
                     .name_key = "a",
                     .content = {},
                     .now = 1,
                     .user_id = {}});
    });
    CHECK(outcome == db::Outcome::duplicate);
    CHECK(tree.entry(tree.root).state == state);
    CHECK(tree.used(tree.space) == 10);
}

TEST_CASE("names are compared by their bytes", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    for (const char* name : {"a", "A", "a ", "á", "a.",
                             "\xe2\x80\x8f"
                             "a",
                             "a\\", "%", "_", "'", "a\xf0\x9f\x98\x80"}) {
        const auto id = tree.file(tree.root, name);
        CHECK(tree.entry(id).name == name);
    }
    CHECK(tree.entry(tree.root).child_count == 11);
}

TEST_CASE("the quota limits a space", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto space = tree.make_space("Small", 100);
    const auto root = tree.root_of(space);
    tree.file(root, "fits", 100);
    CHECK(code_of([&] { tree.file(root, "more", 1); }) == base::Code::quota_exceeded);
    CHECK(tree.used(space) == 100);
    CHECK(tree.entry(root).child_count == 1);
    tree.file(root, "empty", 0);
    CHECK(tree.entry(root).child_count == 2);
}

TEST_CASE("new content keeps the newest older versions", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto file = tree.file(tree.root, "a", 10);
    const auto first = tree.entry(file);
    const auto state = tree.entry(tree.root).state;
    CHECK(replace(tree, file, 20, 2) == 2);
    CHECK(tree.used(tree.space) == 30);
    CHECK(replace(tree, file, 40, 2) == 3);
    CHECK(replace(tree, file, 80, 2) == 4);
    CHECK(tree.used(tree.space) == 20 + 40 + 80);
    CHECK(tree.entry(tree.root).state >= state + 3);

    const auto entry = tree.entry(file);
    CHECK(entry.version == 4);
    CHECK(entry.size == 80);
    CHECK(entry.modified_at == 77);
    CHECK(entry.created_at == first.created_at);
    const auto versions = store::Versions(*catalog.pool().acquire()).list(file);
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].number == 3);
    CHECK(versions[0].content.size == 40);
    CHECK(versions[1].number == 2);
    CHECK(versions[1].created_by == "ana");
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a path is listed from the root to the parent", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    base::Ulid at = tree.root;
    for (int i = 0; i < 50; ++i) at = tree.folder(at, "f" + std::to_string(i));
    auto connection = catalog.pool().acquire();
    Entries entries(*connection);
    const auto path = entries.path(at);
    REQUIRE(path.size() == 50);
    CHECK(path.front().id == tree.root);
    CHECK(path.front().name.empty());
    CHECK(path.back().name == "f48");
    CHECK(entries.path(tree.root).empty());
}

TEST_CASE("a rename changes a folder's date and keeps a file's", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto file = tree.file(tree.root, "a");
    const auto folder = tree.folder(tree.root, "b");
    const auto before = tree.entry(file).modified_at;
    const auto state = tree.entry(tree.root).state;
    const auto rename = [&](const base::Ulid& id, std::string_view name) {
        return catalog.pool().transact([&](db::Connection& connection) {
            Entries entries(connection);
            return entries.rename(entries.lock(id), {std::string(name), app::name_key(name), ""}, tree.user, 99);
        });
    };
    CHECK(rename(file, "c") == db::Outcome::done);
    CHECK(rename(folder, "d") == db::Outcome::done);
    CHECK(rename(folder, "c") == db::Outcome::duplicate);
    CHECK(tree.entry(file).modified_at == before);
    CHECK(tree.entry(folder).modified_at == 99);
    CHECK(tree.entry(folder).name == "d");
    CHECK(tree.entry(tree.root).state > state + 1);
}

TEST_CASE("lock_folder refuses files, trashed folders and missing ones", "[entries]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto file = tree.file(tree.root, "a");
    CHECK(code_of([&] { tree.folder(file, "b"); }) == base::Code::conflict);
    CHECK(code_of([&] { tree.folder(base::Ulid::make(), "b"); }) == base::Code::not_found);
}
