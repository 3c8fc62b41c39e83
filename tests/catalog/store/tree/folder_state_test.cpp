// The state that identifies a listing: two different listings never have the same state, whatever happens to the
// catalog.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <set>

#include "app/tree/browse.h"
#include "app/tree/folders.h"
#include "app/tree/move.h"
#include "app/tree/trash.h"
#include "support/tree_app.h"

using namespace bodega;

namespace {

struct States : test::TreeApp {
    using TreeApp::TreeApp;

    std::int64_t state(const base::Ulid& id) { return tree.entry(id).state; }
    std::string tag(const base::Ulid& id) {
        const auto folder = tree.entry(id);
        return app::listing_tag(folder, app::listing_key(folder, {}));
    }
    void move(const base::Ulid& id, const base::Ulid& folder) {
        app::move_entry(services, grant(id), {{}, grant(folder), {}});
    }
};

constexpr db::Sql kSetState{"test.set_state", "UPDATE entries SET state = ? WHERE id = ?"};

}  // namespace

TEST_CASE("a folder's state grows with each change, even many in a millisecond", "[state]") {
    States app(GENERATE(from_range(test::engines())));
    std::int64_t last = app.state(app.tree.root);
    for (int i = 0; i < 20; ++i) {
        app.tree.file(app.tree.root, "f" + std::to_string(i));
        const std::int64_t now = app.state(app.tree.root);
        CHECK(now > last);
        last = now;
    }
    // A node of the previous release continues counting from there, and a clock that went back blocks nothing.
    const std::int64_t ahead = std::int64_t{1} << 62;
    app.catalog.execute(kSetState, {ahead, app.tree.root});
    app.tree.file(app.tree.root, "later");
    CHECK(app.state(app.tree.root) == ahead + 1);
}

TEST_CASE("a restored or failed-over catalog gives no listing the state of another", "[state]") {
    States app(GENERATE(from_range(test::engines())));
    app.tree.file(app.tree.root, "kept");
    const std::int64_t snapshot = app.state(app.tree.root);
    std::set<std::int64_t> seen;
    std::set<std::string> tags;
    for (int life = 0; life < 20; ++life) {
        app.catalog.execute(kSetState, {snapshot, app.tree.root});  // as in a backup
        app.tree.file(app.tree.root, "life " + std::to_string(life));
        seen.insert(app.state(app.tree.root));
        tags.insert(app.tag(app.tree.root));
    }
    CHECK(seen.size() == 20);
    CHECK(tags.size() == 20);
    CHECK(*seen.begin() > snapshot);
}

TEST_CASE("a folder moved to another space has new listing tags, and so have all folders below", "[state]") {
    States app(GENERATE(from_range(test::engines())));
    const auto a = app.tree.folder(app.tree.root, "a"), b = app.tree.folder(a, "b");
    app.tree.file(b, "file");
    const auto other = app.tree.root_of(app.tree.make_space("Other"));
    std::set<std::string> tags_of_a, tags_of_b;
    std::int64_t last = 0;
    const auto note = [&] {
        tags_of_a.insert(app.tag(a));
        tags_of_b.insert(app.tag(b));
        CHECK(app.state(b) > last);
        last = app.state(b);
    };
    note();
    app.move(a, other);
    note();
    app.move(a, app.tree.root);
    note();
    app::trash_entry(app.services, app.grant(a));
    app::Authorizer access(app.services);
    app::restore_entry(app.services, access, app.grant(a), {other, {}});
    note();
    CHECK(tags_of_a.size() == 4);
    CHECK(tags_of_b.size() == 4);
    CHECK(app.tree.audit_accounts() == "");
}

TEST_CASE("a listing overtaken by a change reports it", "[state]") {
    States app(GENERATE(from_range(test::engines())));
    const auto folder = app.tree.folder(app.tree.root, "folder");
    const store::Entry before = app.tree.entry(folder);
    CHECK(app::list_folder(app.services, before, {}).is_current);
    app.tree.file(folder, "new");
    CHECK_FALSE(app::list_folder(app.services, before, {}).is_current);
    const store::Entry now = app.tree.entry(folder);
    CHECK(app::list_folder(app.services, now, {}).is_current);
    app::trash_entry(app.services, app.grant(folder));
    CHECK_FALSE(app::list_folder(app.services, now, {}).is_current);
}
