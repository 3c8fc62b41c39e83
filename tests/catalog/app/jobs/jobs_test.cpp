// Jobs on many entries: what they act on, how they end, and how they are undone.
#include "app/jobs/jobs.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/auth/api_tokens.h"
#include "app/auth/audit.h"
#include "app/jobs/job_runner.h"
#include "app/jobs/job_step.h"
#include "app/tree/move.h"
#include "app/tree/trash.h"
#include "store/auth/tokens.h"
#include "store/jobs/jobs.h"
#include "store/tree/entries.h"
#include "support/tree_app.h"

using namespace bodega;
using base::Code;
using store::JobAct;
using store::JobItemState;
using store::JobState;
using test::code_of;

namespace {

const auto kNever = [] { return false; };

struct JobApp : test::TreeApp {
    using TreeApp::TreeApp;

    app::JobRunner runner{services};

    store::Job begin(const app::JobRequest& request) { return app::begin_job(services, actor(), request); }
    // To its end.
    store::Job run(const app::JobRequest& request) {
        const store::Job job = begin(request);
        while (runner.round(kNever) > 0) continue;
        return find(job.id);
    }
    store::Job find(const base::Ulid& id) { return app::find_job(services, actor(), id); }
    std::vector<store::SeenItem> items(const base::Ulid& id, std::optional<JobItemState> state = std::nullopt) {
        return app::list_job_items(services, actor(), id, state, std::nullopt, 1000).items;
    }
    std::vector<base::Ulid> files(const base::Ulid& folder, int count, const std::string& prefix = "f") {
        std::vector<base::Ulid> ids;
        for (int i = 0; i < count; ++i) ids.push_back(tree.file(folder, prefix + std::to_string(i)));
        return ids;
    }
    app::Actor signed_in() const {
        app::Actor out = actor();
        out.session_id = base::Ulid::make();
        return out;
    }
    // Creates another API token of the actor.
    base::Ulid token() {
        store::NewToken token{.id = base::Ulid::make(), .user_id = tree.user, .name = "script", .expires_at = {}};
        std::ranges::copy(token.id.bytes, token.hash.begin());
        services.catalog.transact([&](db::Connection& connection) { store::Tokens(connection).insert(token); });
        return token.id;
    }
    base::Ulid folder_of(int count) {
        const auto id = tree.folder(tree.root, "folder of " + std::to_string(count));
        files(id, count);
        return id;
    }
    bool is_live(const base::Ulid& id) { return tree.entry(id).is_live(); }
    // Leaves its turn unfinished, as a lost node does.
    void lose(const base::Ulid& id, const base::Ulid& owner) {
        catalog.execute({"test.lose", "UPDATE jobs SET owner = ?, lease_until = {now} - 1 WHERE id = ?"}, {owner, id});
    }
};

app::JobRequest request_of(JobAct act, std::vector<base::Ulid> ids) {
    app::JobRequest request;
    request.act = act;
    request.ids = std::move(ids);
    return request;
}

app::JobRequest all_of(JobAct act, const base::Ulid& folder) {
    app::JobRequest request;
    request.act = act;
    request.source.folder_id = folder;
    return request;
}

app::JobRequest taking_back(JobAct act, const base::Ulid& job) {
    app::JobRequest request;
    request.act = act;
    request.source.job_id = job;
    return request;
}

}  // namespace

TEST_CASE("a job trashes a folder's entries except excluded ones, and is undone", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "docs");
    const auto ids = app.files(folder, 700);
    app::JobRequest request = all_of(JobAct::trash, folder);
    request.except = {ids[3], ids[650]};
    const store::Job job = app.run(request);
    CHECK(job.state == JobState::done);
    CHECK(job.total == 698);
    CHECK(job.done == 698);
    CHECK(job.failed == 0);
    CHECK(tree.entry(folder).child_count == 2);
    CHECK(app.is_live(ids[3]));
    CHECK_FALSE(app.is_live(ids[699]));
    const store::Job back = app.run(taking_back(JobAct::restore, job.id));
    CHECK(back.done == 698);
    CHECK(tree.entry(folder).child_count == 700);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("entries added to a folder after the call are not part of the job", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    app.files(tree.root, 3);
    const store::Job job = app.begin(all_of(JobAct::trash, tree.root));
    app.catalog.execute({"test.age", "UPDATE jobs SET created_at = created_at - 60000"});
    app.catalog.execute({"test.age", "UPDATE entries SET created_at = created_at - 120000"});
    const auto late = tree.file(tree.root, "late");
    while (app.runner.round(kNever) > 0) continue;
    CHECK(app.find(job.id).total == 3);
    CHECK(app.is_live(late));
}

TEST_CASE("a failed item is recorded with its reason, and changes nothing", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto into = tree.folder(tree.root, "into");
    const auto taken = tree.file(tree.root, "a"), free = tree.file(tree.root, "b");
    tree.file(into, "a");
    app::JobRequest request = request_of(JobAct::move, {taken, into, free, base::Ulid::make(), taken});
    request.parent_id = into;
    const store::Job job = app.run(request);
    CHECK(job.total == 4);  // one was named twice
    CHECK(job.done == 1);
    CHECK(job.failed == 3);
    const auto failed = app.items(job.id, JobItemState::failed);
    REQUIRE(failed.size() == 3);
    CHECK(failed[0].item.entry_id == taken);
    CHECK(failed[0].item.code == "name_taken");
    CHECK(failed[0].entry_name == "a");
    CHECK(failed[1].item.code == "conflict");  // into itself
    CHECK(failed[2].item.code == "not_found");
    CHECK_FALSE(failed[2].entry_name);
    CHECK(tree.entry(taken).parent_id == tree.root);
    CHECK(tree.entry(free).parent_id == into);

    app::JobRequest again = taking_back(JobAct::move, job.id);
    again.source.failed = true;
    again.keeps_both = true;
    const store::Job second = app.run(again);
    CHECK(second.done == 1);
    CHECK(second.failed == 2);
    CHECK(tree.entry(taken).name == "a (2)");
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("undoing a move returns each item to its place and name", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto one = tree.folder(tree.root, "one"), two = tree.folder(tree.root, "two");
    const auto into = tree.folder(tree.root, "into"), other = tree.folder(tree.root, "other");
    const auto a = tree.file(one, "a"), b = tree.file(two, "a"), c = tree.file(two, "c");
    app::JobRequest request = request_of(JobAct::move, {a, b, c});
    request.parent_id = into;
    request.keeps_both = true;
    const store::Job job = app.run(request);
    CHECK(job.done == 3);
    CHECK(tree.entry(b).name == "a (2)");
    app::move_entry(app.services, app.grant(c), {std::nullopt, app.grant(other), std::nullopt});
    const store::Job back = app.run(taking_back(JobAct::move, job.id));
    CHECK(back.done == 2);
    CHECK(tree.entry(a).parent_id == one);
    CHECK(tree.entry(b).parent_id == two);
    CHECK(tree.entry(b).name == "a");
    CHECK(tree.entry(c).parent_id == other);  // somebody else's change stays
    CHECK(app.items(back.id, JobItemState::failed)[0].item.code == "precondition_failed");
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("copies include everything below them, and are undone into the trash", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "docs"), into = tree.folder(tree.root, "into");
    app.files(folder, 3);
    app::JobRequest request = request_of(JobAct::copy, {folder, tree.file(tree.root, "a")});
    request.parent_id = into;
    const store::Job job = app.run(request);
    CHECK(job.done == 2);
    const auto made = app.items(job.id);
    REQUIRE(made.size() == 2);
    CHECK(tree.entry(made[0].item.result_id.value()).child_count == 3);
    CHECK(app.run(taking_back(JobAct::trash, job.id)).done == 2);
    CHECK(tree.entry(into).child_count == 0);
    CHECK(app.is_live(folder));
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("an item trashed with its folder is restored after it", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "docs");
    const auto file = tree.file(folder, "a");
    const store::Job job = app.run(request_of(JobAct::trash, {file, folder}));
    CHECK(job.done == 2);
    CHECK(app.run(taking_back(JobAct::restore, job.id)).done == 2);
    CHECK(tree.entry(file).parent_id == folder);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("erased items are gone, with their bytes", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "docs");
    app.files(folder, 20);
    const auto trashed = tree.file(tree.root, "old");
    app::trash_entry(app.services, app.grant(trashed));
    CHECK(app.run(request_of(JobAct::erase, {folder, trashed})).done == 2);
    CHECK(tree.is_gone(folder));
    CHECK(tree.is_gone(trashed));
    CHECK(tree.used(tree.space) == 0);
}

TEST_CASE("a running job is ended before it is undone", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto ids = app.files(tree.root, 250);
    const store::Job job = app.begin(request_of(JobAct::trash, ids));
    const base::Ulid owner = base::Ulid::make();
    app.services.catalog.transact(
        [&](db::Connection& connection) { return store::Jobs(connection).take(job.id, owner, app::kJobLease); });
    CHECK(app::run_job_step(app.services, job.id, owner).done > 0);
    const store::Job back = app.begin(taking_back(JobAct::restore, job.id));
    CHECK(app.runner.run(back.id, std::chrono::milliseconds(1)).state == JobState::gathering);  // it waits
    CHECK(app::run_job_step(app.services, job.id, owner).result == app::JobStep::Result::ended);
    while (app.runner.round(kNever) > 0) continue;
    const store::Job ended = app.find(job.id), done = app.find(back.id);
    CHECK(ended.state == JobState::cancelled);
    CHECK(ended.done < 250);
    CHECK(done.state == JobState::done);
    CHECK(done.done == ended.done);
    CHECK(tree.entry(tree.root).child_count == 250);
    CHECK(tree.audit_accounts() == "");
}

TEST_CASE("a job ends only by its owner, and a node that lost it does nothing more", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto ids = app.files(tree.root, 250);
    const store::Job job = app.begin(request_of(JobAct::trash, ids));
    const base::Ulid lost = base::Ulid::make();
    app.services.catalog.transact(
        [&](db::Connection& connection) { return store::Jobs(connection).take(job.id, lost, app::kJobLease); });
    const auto before = app::run_job_step(app.services, job.id, lost).done;
    CHECK(app.runner.round(kNever) == 0);  // its lease has not ended
    app.lose(job.id, lost);
    while (app.runner.round(kNever) > 0) continue;
    CHECK(app::run_job_step(app.services, job.id, lost).result == app::JobStep::Result::lost);
    const store::Job ended = app.find(job.id);
    CHECK(before > 0);
    CHECK(ended.done == 250);
    CHECK(ended.failed == 0);
    CHECK(tree.entry(tree.root).child_count == 0);

    const store::Job second = app.begin(taking_back(JobAct::restore, job.id));
    app::cancel_job(app.services, app.actor(), second.id);
    app::cancel_job(app.services, app.actor(), second.id);
    CHECK(app.find(second.id).state == JobState::cancelled);
    CHECK(app.runner.round(kNever) == 0);
    app::Actor other = app.actor();
    other.user_id = tree.make_user("luis");
    CHECK(code_of([&] { app::cancel_job(app.services, other, job.id); }) == Code::not_found);
    CHECK(code_of([&] { app::find_job(app.services, other, job.id); }) == Code::not_found);
    CHECK(code_of([&] { app::begin_job(app.services, other, taking_back(JobAct::restore, job.id)); }) ==
          Code::not_found);
}

TEST_CASE("an entry that breaks every try fails by itself, and the rest continues", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    const auto ids = app.files(app.tree.root, 5);
    const store::Job job = app.begin(request_of(JobAct::trash, ids));
    app.catalog.execute({"test.attempts", "UPDATE jobs SET attempts = 6"});
    while (app.runner.round(kNever) > 0) continue;
    CHECK(app.find(job.id).done == 4);
    const auto failed = app.items(job.id, JobItemState::failed);
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].item.entry_id == ids[0]);
    CHECK(failed[0].item.code == "unavailable");
}

TEST_CASE("rights are checked at the moment when an item is processed", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto ids = app.files(tree.root, 5);
    const auto elsewhere = tree.make_space("other");
    const auto moved = tree.file(tree.root_of(elsewhere), "x");
    std::vector<base::Ulid> all = ids;
    all.push_back(moved);
    const store::Job job = app.begin(request_of(JobAct::trash, all));
    app.catalog.execute({"test.role", "UPDATE members SET role = 'viewer' WHERE space_id = ?"}, {tree.space});
    app.catalog.execute({"test.role", "DELETE FROM members WHERE space_id = ?"}, {elsewhere});
    while (app.runner.round(kNever) > 0) continue;
    CHECK(app.find(job.id).failed == 6);
    const auto failed = app.items(job.id, JobItemState::failed);
    CHECK(failed[0].item.code == "forbidden");
    CHECK(failed[5].item.code == "not_found");
    CHECK_FALSE(failed[5].entry_name);
    CHECK(code_of([&] { app.begin(all_of(JobAct::trash, tree.root)); }) == Code::forbidden);
    CHECK(code_of([&] { app.begin(all_of(JobAct::trash, tree.root_of(elsewhere))); }) == Code::not_found);
}

TEST_CASE("a job is cancelled with the token that began it, and with its owner's account", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    struct Row {
        const char* what;
        void (*act)(JobApp&, const base::Ulid& token);
        const char* ended;  // in the audit log; "": it continues
    };
    const Row row = GENERATE(
        Row{"nothing", [](JobApp&, const base::Ulid&) {}, ""},
        Row{"another token is revoked",
            [](JobApp& to, const base::Ulid&) { app::ApiTokens(to.services).remove(to.signed_in(), to.token()); }, ""},
        Row{"it is revoked",
            [](JobApp& to, const base::Ulid& token) { app::ApiTokens(to.services).remove(to.signed_in(), token); },
            "token"},
        Row{"it expires",
            [](JobApp& to, const base::Ulid&) {
                to.catalog.execute({"test.expire", "UPDATE tokens SET expires_at = {now} - 1"});
            },
            "token"},
        Row{"its account is disabled",
            [](JobApp& to, const base::Ulid&) {
                to.catalog.execute({"test.disable", "UPDATE users SET disabled = 1"});
            },
            "account"});
    CAPTURE(row.what);
    const auto ids = app.files(tree.root, 250);
    app::Actor script = app.actor();
    script.token_id = app.token();
    const store::Job job = app::begin_job(app.services, script, request_of(JobAct::trash, ids));
    const base::Ulid owner = base::Ulid::make();
    app.services.catalog.transact(
        [&](db::Connection& connection) { return store::Jobs(connection).take(job.id, owner, app::kJobLease); });
    const auto before = app::run_job_step(app.services, job.id, owner).done;
    CHECK(before > 0);
    row.act(app, *script.token_id);
    const bool goes_on = std::string_view(row.ended).empty();
    while (app::run_job_step(app.services, job.id, owner).result == app::JobStep::Result::worked) continue;
    const store::Job ended = app.find(job.id);
    CHECK(ended.state == (goes_on ? JobState::done : JobState::cancelled));
    CHECK(ended.done == (goes_on ? 250 : before));
    CHECK(ended.failed == 0);
    CHECK(tree.entry(tree.root).child_count == 250 - ended.done);
    const std::string told = app::detail("ended", row.ended);
    CHECK(app.catalog.number({"test.told", "SELECT COUNT(*) FROM audit WHERE action = 'job.cancel' AND detail = ?"},
                             {told}) == (goes_on ? 0 : 1));
}

TEST_CASE("a job that has begun processes all its items, even over a lowered setting", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto folder = tree.folder(tree.root, "docs");
    app.files(folder, 1200);
    const store::Job job = app.begin(all_of(JobAct::trash, folder));
    app.config.files.job_items = 100;
    while (app.runner.round(kNever) > 0) continue;
    CHECK(app.find(job.id).done == 1200);
    CHECK(code_of([&] { app.begin(all_of(JobAct::trash, app.folder_of(150))); }) == Code::too_large);
    const store::Job back = app.run(taking_back(JobAct::restore, job.id));
    CHECK(back.done == 1200);
    CHECK(back.failed == 0);
    CHECK(tree.entry(folder).child_count == 1200);
}

TEST_CASE("items beyond job_items that were added later fail and are not skipped silently", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    app.config.files.job_items = 600;
    const auto folder = tree.folder(tree.root, "docs");
    app.files(folder, 600, "a");
    const auto more = app.files(tree.root, 3, "b");
    const store::Job job = app.begin(all_of(JobAct::trash, folder));
    for (const base::Ulid& id : more)
        app::move_entry(app.services, app.grant(id), {std::nullopt, app.grant(folder), std::nullopt});
    while (app.runner.round(kNever) > 0) continue;
    const store::Job ended = app.find(job.id);
    CHECK(ended.done == 600);
    CHECK(ended.failed == 3);
    for (const auto& seen : app.items(job.id, JobItemState::failed)) CHECK(seen.item.code == "unavailable");
    CHECK(tree.entry(folder).child_count == 3);
    app::JobRequest again = taking_back(JobAct::trash, job.id);
    again.source.failed = true;
    CHECK(app.run(again).done == 3);
    CHECK(tree.entry(folder).child_count == 0);
}

TEST_CASE("a key runs once, and only for the call that it began with", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    const auto ids = app.files(app.tree.root, 2);
    app::JobRequest request = request_of(JobAct::trash, {ids[0]});
    request.key = "one";
    const store::Job job = app.run(request);
    CHECK(app.begin(request).id == job.id);
    request.ids = {ids[1]};
    CHECK(code_of([&] { app.begin(request); }) == Code::key_reused);
    request.key = "two";
    CHECK(app.begin(request).id != job.id);
}

TEST_CASE("jobs are limited in number, and deleted after jobs_keep", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    app.config.files.jobs_per_user = 5;
    const auto ids = app.files(app.tree.root, app.config.files.jobs_per_user + 1);
    const store::Job first = app.begin(request_of(JobAct::trash, {ids[0]}));
    for (int i = 1; i < app.config.files.jobs_per_user; ++i)
        app.begin(request_of(JobAct::trash, {ids[static_cast<std::size_t>(i)]}));
    CHECK(code_of([&] { app.begin(request_of(JobAct::trash, {ids.back()})); }) == Code::throttled);
    CHECK(code_of([&] { app.begin(request_of(JobAct::trash, {})); }) == Code::invalid);
    while (app.runner.round(kNever) > 0) continue;
    app::JobRequest too_many = request_of(JobAct::trash, std::vector<base::Ulid>(app::kMaxIds + 1, ids[0]));
    CHECK(code_of([&] { app.begin(too_many); }) == Code::too_large);
    app.catalog.execute({"test.many", "UPDATE entries SET child_count = 200001 WHERE id = ?"}, {app.tree.root});
    CHECK(code_of([&] { app.begin(all_of(JobAct::trash, app.tree.root)); }) == Code::too_large);

    CHECK_FALSE(app.runner.forget());
    app.catalog.execute({"test.age", "UPDATE jobs SET ended_at = 1 WHERE id = ?"}, {first.id});
    while (app.runner.forget()) continue;
    CHECK(code_of([&] { app.find(first.id); }) == Code::not_found);
    CHECK(app.catalog.number({"test.count", "SELECT COUNT(*) FROM job_items WHERE job_id = ?"}, {first.id}) == 0);
    CHECK(app::list_jobs(app.services, app.actor(), std::nullopt, 100).items.size() == 4);

    // Finished jobs are not removed yet, so no more can begin.
    const auto add = [&](db::Connection& connection) {
        store::Jobs jobs(connection);
        for (int i = 0; i < 1'000; ++i) {
            store::Job job;
            job.id = base::Ulid::make();
            job.user_id = app.actor().user_id;
            jobs.insert(job, job.id.text(), {});
            jobs.end(job.id, JobState::done);
        }
    };
    app.services.catalog.transact(add);
    CHECK(code_of([&] { app.begin(request_of(JobAct::trash, {ids.back()})); }) == Code::throttled);
}

TEST_CASE("a job is undone completely or not at all, however old it is", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    const auto ids = app.files(app.tree.root, 3);
    const store::Job job = app.run(request_of(JobAct::trash, ids));
    const store::Job back = app.begin(taking_back(JobAct::restore, job.id));
    app.catalog.execute({"test.age", "UPDATE jobs SET ended_at = 1 WHERE id = ?"}, {job.id});
    CHECK_FALSE(app.runner.forget());  // it is needed
    while (app.runner.round(kNever) > 0) continue;
    CHECK(app.find(back.id).done == 3);

    const store::Job again = app.run(request_of(JobAct::trash, ids));
    app.catalog.execute({"test.age", "UPDATE jobs SET ended_at = 1"});
    CHECK(app.runner.forget());  // it has begun to
    CHECK(code_of([&] { app.begin(taking_back(JobAct::restore, again.id)); }) == Code::not_found);
}

TEST_CASE("a clock that was set back blocks no job", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    const auto ids = app.files(app.tree.root, 3);
    const store::Job job = app.begin(request_of(JobAct::trash, ids));
    app.catalog.execute({"test.clock", "UPDATE jobs SET owner = id, lease_until = {now} + 3600000"});
    while (app.runner.round(kNever) > 0) continue;
    CHECK(app.find(job.id).done == 3);
}

TEST_CASE("impossible and senseless undos are refused", "[jobs]") {
    JobApp app(GENERATE(from_range(test::engines())));
    test::Tree& tree = app.tree;
    const auto file = tree.file(tree.root, "a");
    const store::Job erased = app.run(request_of(JobAct::erase, {file}));
    CHECK(code_of([&] { app.begin(taking_back(JobAct::restore, erased.id)); }) == Code::conflict);
    CHECK(code_of([&] { app.begin(request_of(JobAct::move, {file})); }) == Code::invalid);
    CHECK(code_of([&] { app.begin(all_of(JobAct::restore, tree.root)); }) == Code::invalid);
    app::JobRequest request = request_of(JobAct::trash, {file});
    request.parent_id = tree.root;
    CHECK(code_of([&] { app.begin(request); }) == Code::invalid);
    request = request_of(JobAct::move, {file});
    request.parent_id = file;
    CHECK(code_of([&] { app.begin(request); }) == Code::not_found);
    request = request_of(JobAct::trash, {file});
    request.except = {file};
    CHECK(code_of([&] { app.begin(request); }) == Code::invalid);
    request = all_of(JobAct::trash, tree.root);
    request.ids = {file};
    CHECK(code_of([&] { app.begin(request); }) == Code::invalid);
}
