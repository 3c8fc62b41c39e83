// Nested folders: the limit on their levels, and calls on a damaged tree.
#include "app/tree/depth.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/backup/fsck.h"
#include "app/tree/copy.h"
#include "app/tree/entry_details.h"
#include "app/tree/folders.h"
#include "app/tree/move.h"
#include "app/tree/search.h"
#include "app/tree/trash.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using base::Ulid;
using test::code_of;

namespace {

struct DepthApp : test::TreeApp {
    explicit DepthApp(db::Dialect engine) : TreeApp(engine), access(services) { config.files.max_depth = 5; }

    // Creates a chain of nested folders below `at`; returns the last one.
    Ulid chain(Ulid at, int levels, const std::string& name) {
        for (int i = 0; i < levels; ++i) at = app::make_folder(services, grant(at), name).id;
        return at;
    }
    store::Entry copy(const Ulid& id, const Ulid& folder, const std::string& name) {
        return app::copy_entry(services, grant(id), grant(folder), name);
    }
    void move(const Ulid& id, const Ulid& folder) { app::move_entry(services, grant(id), {{}, grant(folder), {}}); }
    std::string above(const Ulid& id) {
        std::string out;
        for (const auto& step : store::Entries(*catalog.pool().acquire()).path(id)) out += step.name + "/";
        return out;
    }

    app::Authorizer access;
};

constexpr db::Sql kSetParent{"test.set_parent", "UPDATE entries SET parent_id = ? WHERE id = ?"};

}  // namespace

TEST_CASE("no call can make folders deeper than max_depth", "[depth]") {
    DepthApp app(GENERATE(from_range(test::engines())));
    const Ulid root = app.tree.root;
    const Ulid deepest = app.chain(root, 5, "a");
    CHECK(code_of([&] { app::make_folder(app.services, app.grant(deepest), "b"); }) == Code::conflict);
    app.tree.file(deepest, "a file has no level");
    const Ulid two = app.chain(root, 1, "two");
    app.chain(two, 1, "inner");
    const Ulid third = app.tree.entry(*app.tree.entry(*app.tree.entry(deepest).parent_id).parent_id).id;
    CHECK(code_of([&] { app.move(two, deepest); }) == Code::conflict);
    CHECK(code_of([&] { app.move(two, *app.tree.entry(deepest).parent_id); }) == Code::conflict);
    CHECK(code_of([&] { app.copy(two, *app.tree.entry(deepest).parent_id, "c"); }) == Code::conflict);
    CHECK(code_of([&] { app.copy(two, third, "c"); }) == std::nullopt);
    app::trash_entry(app.services, app.grant(two));
    const auto restore = [&](const Ulid& folder) {
        app::restore_entry(app.services, app.access, app.grant(two), {folder, {}});
    };
    CHECK(code_of([&] { restore(*app.tree.entry(deepest).parent_id); }) == Code::conflict);
    CHECK(code_of([&] { restore(third); }) == std::nullopt);
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("a chain of folders copied into its own end stops growing", "[depth]") {
    DepthApp app(GENERATE(from_range(test::engines())));
    const Ulid top = app.chain(app.tree.root, 1, "a");
    Ulid end = app.chain(top, 1, "a");
    int copies = 0;
    const auto again = [&] {
        Ulid at = app.copy(top, end, "copy").id;
        ++copies;
        for (bool found = true; found;) {
            const auto inner = store::Entries(*app.catalog.pool().acquire()).find_child(at, "a");
            found = inner.has_value();
            if (inner) at = inner->id;
        }
        end = at;
    };
    CHECK(code_of([&] {
              for (int i = 0; i < 20; ++i) again();
          }) == Code::conflict);
    CHECK(copies < 5);
    CHECK(store::Entries(*app.catalog.pool().acquire()).path(end).size() <= 5);
}

TEST_CASE("entries deeper than a lowered max_depth can be read, renamed and moved up", "[depth]") {
    DepthApp app(GENERATE(from_range(test::engines())));
    const Ulid end = app.chain(app.tree.root, 5, "a");
    app.config.files.max_depth = 2;
    CHECK(app.above(end) == "/a/a/a/a/");
    CHECK(app::move_entry(app.services, app.grant(end), {"b", {}, {}}).name == "b");
    CHECK(code_of([&] { app.move(end, app.tree.root); }) == std::nullopt);
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("every call on a cycle of folders ends, and fsck finds the cycle", "[depth]") {
    DepthApp app(GENERATE(from_range(test::engines())));
    const Ulid a = app.chain(app.tree.root, 1, "a"), b = app.chain(a, 1, "b"), c = app.chain(b, 1, "c");
    const Ulid file = app.tree.file(c, "file");
    const Ulid apart = app.chain(app.tree.root, 1, "apart");
    const auto found = [&] {
        std::vector<std::string> out;
        for (const auto& finding : app::Fsck(app.services, {.quick = true}).run().findings)
            if (finding.kind == app::Finding::Kind::unreachable) out.push_back(finding.what);
        return out;
    };
    CHECK(found().empty());
    app.catalog.execute(kSetParent, {c, a});  // c is in b, b in a, and a in c
    CHECK(store::Entries(*app.catalog.pool().acquire()).path(file).size() == store::Entries::kMaxLevels);
    const auto details =
        app::entry_details(*app.catalog.pool().acquire(), app.tree.entry(file), store::SpaceRole::manager);
    CHECK(details.path.size() == store::Entries::kMaxLevels);
    CHECK(app::search(app.services, app.access, app.actor(), {"file", {}, {}, 10}).items.size() == 1);
    REQUIRE(found().size() == 1);
    // Reported by the lowest id; ids of one millisecond are in no order.
    const std::string text = found()[0].substr(0, found()[0].find(';'));
    CHECK((text == "\"a\" (" + a.text() + "): a folder in a ring of 3" ||
           text == "\"b\" (" + b.text() + "): a folder in a ring of 3" ||
           text == "\"c\" (" + c.text() + "): a folder in a ring of 3"));
    CHECK(code_of([&] { app.copy(a, apart, "copy"); }) == Code::conflict);
    CHECK(code_of([&] { app.move(apart, b); }) == Code::conflict);
    // The repair that fsck suggests.
    CHECK(code_of([&] { app.move(a, app.tree.root); }) == std::nullopt);
    CHECK(found().empty());
    CHECK(app.above(file) == "/a/b/c/");
    app.catalog.execute(kSetParent, {c, a});
    CHECK(code_of([&] { app::trash_entry(app.services, app.grant(b)); }) == std::nullopt);
    CHECK(found().empty());
}

TEST_CASE("fsck finds entries whose parent is gone or a file", "[depth]") {
    DepthApp app(GENERATE(from_range(test::engines())));
    const Ulid a = app.chain(app.tree.root, 1, "a"), b = app.chain(app.tree.root, 1, "b");
    const Ulid file = app.tree.file(app.tree.root, "file");
    app.catalog.execute(kSetParent, {Ulid::make(), a});
    app.catalog.execute(kSetParent, {file, b});
    std::string what;
    for (const auto& finding : app::Fsck(app.services, {.quick = true}).run().findings)
        if (finding.kind == app::Finding::Kind::unreachable) what += finding.what + "\n";
    CHECK(what.find("\"a\" (" + a.text() + "): its folder is gone") != what.npos);
    CHECK(what.find("\"b\" (" + b.text() + "): its folder is gone") != what.npos);
}

TEST_CASE("a page of results with long paths is limited in bytes, and the next one continues", "[depth]") {
    DepthApp app(GENERATE(from_range(test::engines())));
    app.config.files.max_depth = 100;
    Ulid at = app.tree.root;
    const std::string name(200, 'd');
    for (int i = 0; i < 60; ++i) at = app.tree.folder(at, name);
    // Each result is in a different folder with a path of 15 kB: 100 of them exceed the size of a page.
    for (int i = 0; i < 100; ++i)
        app.tree.file(app.tree.folder(at, "f" + std::to_string(i)), "wanted" + std::to_string(i));
    std::size_t found = 0, pages = 0;
    std::optional<std::string> cursor;
    do {
        const auto page = app::search(app.services, app.access, app.actor(), {"wanted", {}, cursor, 1000});
        std::size_t bytes = 0;
        for (const auto& item : page.items)
            for (const auto& step : item.path) bytes += step.name.size();
        CHECK(bytes <= 1 << 20);
        found += page.items.size();
        cursor = page.next_cursor;
        ++pages;
    } while (cursor && pages < 50);
    CHECK(found == 100);
    CHECK(pages > 1);
}
