// Many concurrent look-ups: each caller gets its own answer, and never an older state than at its call.
#include "app/auth/caller_lookup.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <thread>

#include "base/error.h"
#include "store/auth/sessions.h"
#include "support/tree.h"

namespace bodega::app {
namespace {

constexpr int kPeople = 24;

store::SecretHash hash_of(int person) {
    store::SecretHash hash{};
    hash.fill(static_cast<std::uint8_t>(person + 1));
    return hash;
}

void sign_in(db::Pool& pool, const base::Ulid& user, int person) {
    store::NewSession session;
    session.id = base::Ulid::make();
    session.hash = hash_of(person);
    session.user_id = user;
    session.lifetime = 3600 * 1000;
    auto connection = pool.acquire();
    store::Sessions(*connection).insert(session);
}

}  // namespace

TEST_CASE("callers that are looked up together each get their own answer") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    std::vector<base::Ulid> users, folders;
    for (int i = 0; i < kPeople; ++i) {
        users.push_back(tree.make_user("person" + std::to_string(i)));
        folders.push_back(tree.folder(tree.root, "folder" + std::to_string(i)));
        if (i % 3 != 0) sign_in(catalog.pool(), users.back(), i);
    }
    CallerLookup lookup(catalog.pool());
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kPeople; ++i)
        threads.emplace_back([&, i] {
            const auto at = static_cast<std::size_t>(i);
            for (int round = 0; round < 40; ++round) {
                const auto found = lookup.find_at(store::SecretKind::session, {hash_of(i), folders[at]});
                const bool known = i % 3 != 0;
                if (found.has_value() == known && (!known || found->caller.user_id == users[at])) ++right;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(right == kPeople * 40);
}

TEST_CASE("a session is unknown after its sign-out, even in a shared look-up") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    CallerLookup lookup(catalog.pool());
    std::atomic<bool> over{false};
    sign_in(catalog.pool(), tree.user, 100);
    std::vector<std::thread> others;
    for (int i = 0; i < 6; ++i)
        others.emplace_back([&] {
            while (!over) lookup.find_at(store::SecretKind::session, {hash_of(100), tree.root});
        });
    int wrong = 0;
    for (int round = 0; round < 30; ++round) {
        sign_in(catalog.pool(), tree.user, 1);
        if (!lookup.find_at(store::SecretKind::session, {hash_of(1), tree.root})) ++wrong;
        {
            auto connection = catalog.pool().acquire();
            const auto caller = store::Callers(*connection).find(store::SecretKind::session, hash_of(1));
            store::Sessions(*connection).remove(caller->credential_id, tree.user);
        }
        if (lookup.find_at(store::SecretKind::session, {hash_of(1), tree.root})) ++wrong;
    }
    over = true;
    for (std::thread& thread : others) thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("a failing catalog fails all callers of one look-up, and the next ones are answered") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    sign_in(catalog.pool(), tree.user, 1);
    CallerLookup lookup(catalog.pool());
    const db::Sql away{"test.away", "ALTER TABLE sessions RENAME TO sessions_away"};
    const db::Sql back{"test.back", "ALTER TABLE sessions_away RENAME TO sessions"};
    catalog.execute(away);
    std::atomic<int> failed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 12; ++i)
        threads.emplace_back([&] {
            try {
                lookup.find_at(store::SecretKind::session, {hash_of(1), tree.root});
            } catch (const base::Error&) {
                ++failed;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(failed == 12);
    catalog.execute(back);
    CHECK(lookup.find_at(store::SecretKind::session, {hash_of(1), tree.root}));
}

}  // namespace bodega::app
