// The repositories of accounts and what belongs to them, on both engines.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "store/audit.h"
#include "store/auth/attempts.h"
#include "store/auth/callers.h"
#include "store/auth/sessions.h"
#include "store/auth/setup_tokens.h"
#include "store/auth/tokens.h"
#include "store/auth/users.h"
#include "store/tree/members.h"
#include "support/tree.h"

namespace bodega::store {
namespace {

using test::TestCatalog;
using test::Tree;

constexpr base::Milliseconds kHour = 3600 * 1000;

SecretHash hash_of(std::uint8_t byte) {
    SecretHash hash{};
    hash.fill(byte);
    return hash;
}

NewSession session_of(const base::Ulid& user, std::uint8_t secret, base::Milliseconds lifetime = kHour) {
    NewSession session;
    session.id = base::Ulid::make();
    session.hash = hash_of(secret);
    session.user_id = user;
    session.lifetime = lifetime;
    session.user_agent = "curl/8 ñ";
    session.address = "192.0.2.1";
    return session;
}

}  // namespace

TEST_CASE("a user name is taken once") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    auto connection = catalog.pool().acquire();
    Users users(*connection);
    NewUser ana{base::Ulid::make(), "Ana", "ana", Role::admin, "hash"};
    CHECK(users.insert(ana) == db::Outcome::done);
    ana.id = base::Ulid::make();
    CHECK(users.insert(ana) == db::Outcome::duplicate);
    CHECK(users.count_admins() == 1);
    const auto row = users.find_sign_in("ana");
    REQUIRE(row);
    CHECK(row->password_hash == "hash");
    const auto user = users.find(row->id);
    REQUIRE(user);
    CHECK(user->username == "Ana");
    CHECK_FALSE(user->last_seen_at);
    users.touch(row->id, 0);
    CHECK(users.find(row->id)->last_seen_at);
    users.set_disabled(row->id, true);
    CHECK(users.lock_admins() == 0);
    CHECK(users.count_admins() == 1);
    CHECK_FALSE(users.find_sign_in("eve"));
}

TEST_CASE("a secret finds its caller and what they may reach in one statement") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    Tree tree(catalog);
    const base::Ulid eve = tree.make_user("eve");
    const base::Ulid folder = tree.folder(tree.root, "Informes");
    auto connection = catalog.pool().acquire();
    Sessions(*connection).insert(session_of(tree.user, 1));
    Sessions(*connection).insert(session_of(eve, 2));
    Callers callers(*connection);
    const auto mine = callers.find_at(SecretKind::session, {hash_of(1), folder});
    REQUIRE(mine);
    REQUIRE(mine->reached);
    CHECK(mine->caller.user_id == tree.user);
    CHECK(mine->reached->entry.name == "Informes");
    CHECK(mine->reached->entry.parent_id == tree.root);
    CHECK(mine->reached->role == SpaceRole::manager);
    const auto theirs = callers.find_at(SecretKind::session, {hash_of(2), folder});
    REQUIRE(theirs);
    CHECK_FALSE(theirs->reached);
    CHECK_FALSE(callers.find_at(SecretKind::session, {hash_of(1), base::Ulid::make()})->reached);
    CHECK_FALSE(callers.find_at(SecretKind::session, {hash_of(9), folder}));
    CHECK_FALSE(callers.find_at(SecretKind::token, {hash_of(1), folder}));  // a session's secret is no token
    CHECK(callers.reach(tree.user, folder)->entry.id == folder);
    CHECK_FALSE(callers.reach(eve, folder));
    Members(*connection).put(tree.space, eve, SpaceRole::viewer);
    CHECK(callers.reach(eve, folder)->role == SpaceRole::viewer);
    CHECK(callers.role_in(eve, tree.space) == SpaceRole::viewer);
    Users(*connection).set_disabled(tree.user, true);
    CHECK_FALSE(callers.find(SecretKind::session, hash_of(1)));
}

TEST_CASE("several secrets in one statement give the same results as one by one") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    Tree tree(catalog);
    const base::Ulid eve = tree.make_user("eve"), former = tree.make_user("former");
    const base::Ulid folder = tree.folder(tree.root, "Informes"), file = tree.file(tree.root, "a.txt", 7);
    auto connection = catalog.pool().acquire();
    for (const auto& [user, secret] : {std::pair{tree.user, 1}, {eve, 2}, {former, 3}}) {
        Sessions(*connection).insert(session_of(user, static_cast<std::uint8_t>(secret)));
        NewToken token{base::Ulid::make(), hash_of(static_cast<std::uint8_t>(secret + 10)), user, "t", std::nullopt};
        Tokens(*connection).insert(token);
    }
    Sessions(*connection).insert(session_of(tree.user, 4, -1));  // over
    Users(*connection).set_disabled(former, true);
    std::vector<CallerAsked> all;
    for (int secret : {1, 2, 3, 4, 9, 11, 12, 13})
        for (const base::Ulid& entry : {folder, file})
            all.push_back({hash_of(static_cast<std::uint8_t>(secret)), entry});
    REQUIRE(all.size() == Callers::kMaxAtOnce);
    all.back().entry_id = base::Ulid::make();  // no such entry
    Callers callers(*connection);
    for (SecretKind kind : {SecretKind::session, SecretKind::token}) {
        for (std::size_t count = 1; count <= all.size(); ++count) {
            const std::span<const CallerAsked> asked(all.data() + all.size() - count, count);
            const auto found = callers.find_at(kind, asked);
            REQUIRE(found.size() == count);
            for (std::size_t i = 0; i < count; ++i) {
                const auto alone = callers.find_at(kind, asked[i]);
                REQUIRE(found[i].has_value() == alone.has_value());
                if (!alone) continue;
                CHECK(found[i]->caller.user_id == alone->caller.user_id);
                CHECK(found[i]->caller.credential_id == alone->caller.credential_id);
                REQUIRE(found[i]->reached.has_value() == alone->reached.has_value());
                if (!alone->reached) continue;
                CHECK(found[i]->reached->entry.id == asked[i].entry_id);
                CHECK(found[i]->reached->entry.size == alone->reached->entry.size);
                CHECK(found[i]->reached->role == alone->reached->role);
            }
        }
    }
}

TEST_CASE("sessions expire, and are ended one by one or all but one") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    Tree tree(catalog);
    auto connection = catalog.pool().acquire();
    Sessions sessions(*connection);
    const NewSession keep = session_of(tree.user, 1), other = session_of(tree.user, 2);
    for (const NewSession& session : {keep, other, session_of(tree.user, 3, -1), session_of(tree.user, 4, -1)})
        sessions.insert(session);
    CHECK(sessions.list(tree.user).size() == 2);
    CHECK(sessions.find(keep.id)->user_agent == "curl/8 ñ");
    CHECK(sessions.remove_expired(1) == 1);
    CHECK(sessions.remove_expired(10) == 1);
    CHECK(sessions.remove_expired(10) == 0);
    CHECK_FALSE(sessions.remove(other.id, base::Ulid::make()));
    CHECK(sessions.remove_all(tree.user, keep.id) == 1);
    CHECK(sessions.remove(keep.id, tree.user));
    CHECK(sessions.list(tree.user).empty());
}

TEST_CASE("a session's end slides, but not at each use") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    Tree tree(catalog);
    auto connection = catalog.pool().acquire();
    Sessions sessions(*connection);
    const NewSession session = session_of(tree.user, 1);
    sessions.insert(session);
    const auto end = [&] { return sessions.find(session.id)->expires_at; };
    const base::Milliseconds before = end();
    sessions.slide(session.hash, 2 * kHour, kHour);
    CHECK(end() == before);
    const db::Sql age{"test.age", "UPDATE sessions SET last_seen_at = last_seen_at - 3600001"};
    catalog.execute(age);
    sessions.slide(session.hash, 2 * kHour, kHour);
    CHECK(end() >= before + kHour);
}

TEST_CASE("attempts are counted in windows") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    auto connection = catalog.pool().acquire();
    Attempts attempts(*connection);
    CHECK(attempts.add("account:ana", kHour).failures == 1);
    const AttemptCount second = attempts.add("account:ana", kHour);
    CHECK(second.failures == 2);
    CHECK(second.ends_in > kHour - 60 * 1000);
    CHECK(second.ends_in <= kHour);
    CHECK(attempts.add("account:eve", kHour).failures == 1);
    CHECK(attempts.count("account:ana").failures == 2);
    CHECK(attempts.lock("account:nobody").failures == 0);
    CHECK(attempts.starting_with("account:") == std::vector<std::string>{"account:ana", "account:eve"});
    CHECK(attempts.starting_with("account:e") == std::vector<std::string>{"account:eve"});
    const db::Sql close{"test.close", "UPDATE attempts SET window_ends_at = {now} - 1 WHERE subject = 'account:ana'"};
    catalog.execute(close);
    CHECK(attempts.count("account:ana").failures == 0);
    const AttemptCount fresh = attempts.add("account:ana", kHour);
    CHECK(fresh.failures == 1);
    CHECK(fresh.ends_in > kHour - 60 * 1000);
    attempts.clear("account:ana");
    CHECK(attempts.add("account:ana", kHour).failures == 1);
    catalog.execute(close);
    attempts.remove_expired();
    const db::Sql count{"test.count", "SELECT COUNT(*) FROM attempts"};
    CHECK(catalog.number(count) == 1);
}

TEST_CASE("members have one role each, and the last manager of a space is detected") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    Tree tree(catalog);
    const base::Ulid eve = tree.make_user("eve");
    auto connection = catalog.pool().acquire();
    Members members(*connection);
    CHECK(members.managed_alone_by(tree.user).size() == 1);
    members.put(tree.space, eve, SpaceRole::viewer);
    members.put(tree.space, eve, SpaceRole::manager);
    CHECK(members.list(tree.space, "", 10).size() == 2);
    CHECK(members.find(tree.space, eve)->role == SpaceRole::manager);
    CHECK(members.lock_managers(tree.space) == 2);
    CHECK(members.managed_alone_by(tree.user).empty());
    CHECK(members.remove(tree.space, eve));
    CHECK_FALSE(members.remove(tree.space, eve));
}

TEST_CASE("the audit log keeps its values, cut to the column lengths") {
    TestCatalog catalog(GENERATE(from_range(test::engines())));
    auto connection = catalog.pool().acquire();
    Audit audit(*connection);
    AuditRecord record;
    record.username = "ana";
    record.action = "entry.rename";
    record.target = std::string(1023, 'x') + "é";
    record.detail = R"({"to":"ñ"})";
    audit.append(record);
    const auto rows = audit.list({});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].target == std::string(1023, 'x'));
    CHECK(rows[0].detail == record.detail);
    CHECK(rows[0].at > 0);
    CHECK_FALSE(rows[0].user_id);
}

}  // namespace bodega::store
