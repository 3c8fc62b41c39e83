// Rights are checked in the transaction that acts: only the caller's current role in the entry's current space counts,
// whatever was granted before.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <functional>

#include "app/auth/accounts.h"
#include "app/tree/body_writer.h"
#include "app/tree/copy.h"
#include "app/tree/folders.h"
#include "app/tree/move.h"
#include "app/tree/spaces.h"
#include "app/tree/trash.h"
#include "app/tree/versions.h"
#include "base/error.h"
#include "store/auth/users.h"
#include "store/tree/members.h"
#include "store/tree/trash.h"
#include "support/app_fixture.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using store::SpaceRole;
using test::code_of;

namespace {

constexpr std::string_view kBytes = "the bytes of a file";

// Ana manages both spaces; Eve is an editor of alpha, and has no right in beta.
struct Rights : test::AppFixture {
    explicit Rights(db::Dialect engine)
        : AppFixture(engine),
          beta(tree.make_space("Beta")),
          beta_root(tree.root_of(beta)),
          folder_id(tree.folder(tree.root, "folder")),
          other(tree.folder(tree.root, "other")),
          eve(tree.make_user("eve")),
          access(services) {
        file = put_into(grant(folder_id), "file").entry.id;
        put_into(grant(folder_id), "file");
        trashed = put_into(grant(folder_id), "trashed").entry.id;
        app::trash_entry(services, grant(trashed));
        role(tree.space, SpaceRole::editor);
    }

    app::Actor eves() { return {eve, "eve", store::Role::member, std::nullopt, {}}; }
    app::Grant granted(const base::Ulid& id) { return {eves(), tree.entry(id), SpaceRole::editor}; }
    app::CommittedFile put_into(const app::Grant& into, const std::string& name) {
        return app::put_file(services, {into, name, {}, std::nullopt}, test::source_of(kBytes));
    }
    store::Upload begin_upload() {
        app::Grant into = granted(folder_id);
        return app::create_upload(services, {into, "file", std::ssize(kBytes), std::nullopt, {}, ""});
    }
    void role(const base::Ulid& space, SpaceRole role) {
        catalog.pool().transact([&](db::Connection& c) { store::Members(c).put(space, eve, role); });
    }
    void move_to_beta(const base::Ulid& id) { app::move_entry(services, grant(id), {{}, grant(beta_root), {}}); }

    base::Ulid beta, beta_root, folder_id, other, eve, file, trashed;
    app::Authorizer access;
};

// An act of Eve in two steps: first the check, then, after something happened, the rest.
using Rest = std::function<void()>;
struct Act {
    const char* name;
    Rest (*begin)(Rights& r);
    bool is_in_folder = true;  // its entry goes along when the folder moves
};

const Act kActs[] = {
    {"put", [](Rights& r) -> Rest { return [&r, into = r.granted(r.folder_id)] { r.put_into(into, "file"); }; }},
    {"put a new file",
     [](Rights& r) -> Rest { return [&r, into = r.granted(r.folder_id)] { r.put_into(into, "new"); }; }},
    {"end an upload",
     [](Rights& r) -> Rest {
         const store::Upload upload = r.begin_upload();
         const app::Part part{upload.id, 0, std::nullopt, std::nullopt};
         auto session = std::get<std::shared_ptr<app::PartSession>>(app::begin_part(r.services, r.eves(), part));
         return [session] { session->finish(app::write_body(*session, test::source_of(kBytes))); };
     }},
    {"go on with an upload",
     [](Rights& r) -> Rest {
         return [&r, id = r.begin_upload().id] {
             app::receive_part(r.services, r.eves(), {id, 0, std::nullopt, std::nullopt}, test::source_of(kBytes));
         };
     }},
    {"make a folder",
     [](Rights& r) -> Rest {
         return [&r, into = r.granted(r.folder_id)] { app::make_folder(r.services, into, "new"); };
     }},
    {"rename",
     [](Rights& r) -> Rest {
         return [&r, file = r.granted(r.file)] { app::move_entry(r.services, file, {"renamed", {}, {}}); };
     }},
    {"move away",
     [](Rights& r) -> Rest {
         return [&r, file = r.granted(r.file), to = r.granted(r.other)] {
             app::move_entry(r.services, file, {{}, to, {}});
         };
     }},
    {"move in",
     [](Rights& r) -> Rest {
         return [&r, from = r.granted(r.other), to = r.granted(r.folder_id)] {
             app::move_entry(r.services, from, {{}, to, {}});
         };
     }},
    {"copy away",
     [](Rights& r) -> Rest {
         return [&r, file = r.granted(r.file), to = r.granted(r.other)] { app::copy_entry(r.services, file, to, {}); };
     }},
    {"copy in",
     [](Rights& r) -> Rest {
         return [&r, from = r.granted(r.other), to = r.granted(r.folder_id)] {
             app::copy_entry(r.services, from, to, "copy");
         };
     }},
    {"trash", [](Rights& r) -> Rest { return [&r, file = r.granted(r.file)] { app::trash_entry(r.services, file); }; }},
    {"erase", [](Rights& r) -> Rest { return [&r, file = r.granted(r.file)] { app::erase_entry(r.services, file); }; }},
    {"restore a version",
     [](Rights& r) -> Rest { return [&r, file = r.granted(r.file)] { app::restore_version(r.services, file, 1); }; }},
    {"restore from the trash",
     [](Rights& r) -> Rest {
         return [&r, file = r.granted(r.trashed)] { app::restore_entry(r.services, r.access, file, {}); };
     },
     false},
    {"erase from the trash",
     [](Rights& r) -> Rest { return [&r, file = r.granted(r.trashed)] { app::erase_entry(r.services, file); }; },
     false},
    {"empty the trash",
     [](Rights& r) -> Rest { return [&r] { app::empty_trash(r.services, r.eves(), r.tree.space); }; }, false},
};

// All state that could have changed, as text.
std::string state_of(Rights& r) {
    std::string out;
    for (const base::Ulid& id : {r.tree.root, r.beta_root, r.folder_id, r.other, r.file, r.trashed}) {
        const store::Entry e = r.tree.entry(id);
        out += e.space_id.text() + e.name + ' ' + std::to_string(e.version) + ' ' + std::to_string(e.child_count) +
               (e.trashed_at ? std::to_string(*e.trashed_at) : "-") + (e.parent_id ? e.parent_id->text() : "-") + '\n';
    }
    return out;
}

}  // namespace

TEST_CASE("an act in a folder that moved to another space needs rights there", "[rights]") {
    const db::Dialect engine = GENERATE(from_range(test::engines()));
    for (const Act& act : kActs) {
        if (!act.is_in_folder) continue;
        INFO(act.name);
        Rights r(engine);
        const Rest rest = act.begin(r);
        r.move_to_beta(r.folder_id);
        const std::string before = state_of(r);
        const auto code = code_of(rest);
        CHECK((code == Code::not_found || code == Code::forbidden));
        CHECK(state_of(r) == before);
        r.role(r.beta, SpaceRole::viewer);
        const bool only_reads = std::string_view(act.name) == "copy away";
        CHECK(code_of([&] { act.begin(r)(); }) == (only_reads ? std::nullopt : std::optional(Code::forbidden)));
        CHECK(r.disorder() == "");
    }
}

TEST_CASE("an act continues at its folder's new place, if the caller has rights there, too", "[rights]") {
    const db::Dialect engine = GENERATE(from_range(test::engines()));
    for (const Act& act : kActs) {
        if (!act.is_in_folder) continue;
        INFO(act.name);
        Rights r(engine);
        const Rest rest = act.begin(r);
        r.role(r.beta, SpaceRole::editor);
        r.move_to_beta(r.folder_id);
        CHECK(code_of(rest) == std::nullopt);
        CHECK(r.disorder() == "");
    }
}

TEST_CASE("a right that ends before the commit does not count", "[rights]") {
    struct End {
        const char* name;
        Code code;
        void (*happen)(Rights& r);
    };
    const End ends[] = {
        {"no member any more", Code::not_found,
         [](Rights& r) {
             r.catalog.pool().transact([&](db::Connection& c) { store::Members(c).remove(r.tree.space, r.eve); });
         }},
        {"a viewer", Code::forbidden, [](Rights& r) { r.role(r.tree.space, SpaceRole::viewer); }},
        {"disabled", Code::not_found,
         [](Rights& r) {
             r.catalog.pool().transact([&](db::Connection& c) { store::Users(c).set_disabled(r.eve, true); });
         }},
    };
    const db::Dialect engine = GENERATE(from_range(test::engines()));
    for (const Act& act : kActs) {
        for (const End& end : ends) {
            INFO(act.name << ", " << end.name);
            Rights r(engine);
            const Rest rest = act.begin(r);
            end.happen(r);
            const std::string before = state_of(r);
            // The upload belongs to the account, so the error is a missing right.
            const bool is_upload = std::string_view(act.name).ends_with("upload");
            // Its place is looked up before the transaction, so it counts as gone.
            const bool is_restore = std::string_view(act.name) == "restore from the trash";
            const auto code = code_of(rest);
            CHECK((code == (is_upload ? Code::forbidden : end.code) || (is_restore && code == Code::conflict)));
            CHECK(state_of(r) == before);
        }
    }
}

TEST_CASE("the trash hides names of folders in spaces that the caller may not see", "[rights]") {
    Rights r(GENERATE(from_range(test::engines())));
    const auto inner = r.tree.folder(r.folder_id, "inner");
    const auto deep = r.tree.file(inner, "deep");
    app::trash_entry(r.services, r.grant(deep));
    app::trash_entry(r.services, r.grant(inner));
    auto path_of = [&](const app::Actor& actor, const base::Ulid& id) -> std::optional<std::string> {
        for (const auto& item : app::list_trash(r.services, actor, r.tree.space, std::nullopt, 100).items)
            if (item.entry.id == id) return item.original_path;
        FAIL("it is not in the trash");
        return std::nullopt;
    };
    CHECK(path_of(r.eves(), r.trashed) == "folder");
    CHECK(path_of(r.eves(), deep) == "folder/inner");
    r.move_to_beta(r.folder_id);
    app::move_entry(r.services, r.grant(r.folder_id), {"secret name", {}, {}});
    for (const auto& id : {r.trashed, inner, deep}) CHECK(path_of(r.eves(), id) == std::nullopt);
    CHECK(path_of(r.actor(), r.trashed) == "secret name");
    r.role(r.beta, SpaceRole::viewer);
    CHECK(path_of(r.eves(), deep) == "secret name/inner");
    app::Actor stranger{r.tree.make_user("mallory"), "mallory", store::Role::admin, std::nullopt, {}};
    CHECK(code_of([&] { app::list_trash(r.services, stranger, r.beta, std::nullopt, 10); }) == Code::not_found);
}

TEST_CASE("a former administrator has no administrator's rights", "[rights]") {
    Rights r(GENERATE(from_range(test::engines())));
    const app::Actor was{r.eve, "eve", store::Role::admin, std::nullopt, {}};
    app::Spaces spaces(r.services);
    app::SpaceChange quota, name;
    quota.quota_bytes = std::optional<std::int64_t>(1);
    name.name = "Renamed";
    CHECK(code_of([&] { spaces.create(was, "New", {}); }) == Code::forbidden);
    CHECK(code_of([&] { spaces.list_all(was, std::nullopt, 10); }) == Code::forbidden);
    CHECK(code_of([&] { spaces.change(was, r.tree.space, name); }) == Code::forbidden);  // an editor of it
    CHECK(code_of([&] { spaces.change(was, r.beta, name); }) == Code::not_found);
    r.role(r.tree.space, SpaceRole::manager);
    CHECK(code_of([&] { spaces.change(was, r.tree.space, quota); }) == Code::forbidden);
    CHECK(code_of([&] { spaces.change(was, r.tree.space, name); }) == std::nullopt);
    app::Passwords passwords(r.config.accounts);
    app::Accounts accounts(r.services, passwords);
    app::AccountChange promote;
    promote.role = store::Role::admin;
    CHECK(code_of([&] { accounts.change(was, r.eve, promote); }) == Code::forbidden);
    CHECK(code_of([&] { accounts.remove(was, r.tree.user); }) == Code::forbidden);
    CHECK(code_of([&] {
              accounts.create(was, {"mallory", "a fine password of hers", store::Role::admin, {}});
          }) == Code::forbidden);
    CHECK(code_of([&] { accounts.change(app::console_actor(), r.eve, promote); }) == std::nullopt);
    CHECK(code_of([&] { spaces.create(was, "New", {}); }) == std::nullopt);
}
