// Memberships that change while an account is removed: a space always keeps a manager.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <functional>
#include <latch>
#include <thread>

#include "app/auth/accounts.h"
#include "app/auth/passwords.h"
#include "app/tree/spaces.h"
#include "base/error.h"
#include "store/auth/users.h"
#include "store/tree/members.h"
#include "store/tree/space_lock.h"
#include "support/app_fixture.h"

using namespace bodega;
using base::Code;
using test::AppFixture;
using Change = std::function<void(db::Connection&)>;

namespace {

constexpr db::Sql kGhosts{"test.ghosts", "SELECT COUNT(*) FROM members WHERE user_id NOT IN (SELECT id FROM users)"};
constexpr db::Sql kManagers{"test.managers", "SELECT COUNT(*) FROM members WHERE space_id = ? AND role = 'manager'"};

// Runs `act` while `change` is made by another transaction and not committed yet.
Code beside(AppFixture& fixture, const Change& change, const std::function<void()>& act) {
    std::latch changed(1);
    std::thread other([&] {
        fixture.catalog.pool().transact([&](db::Connection& connection) {
            change(connection);
            changed.count_down();
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
        });
    });
    changed.wait();
    Code code = Code::internal;
    try {
        act();
    } catch (const base::Error& error) {
        code = error.code();
    }
    other.join();
    return code;
}

constexpr db::Sql kMakeAdmin{"test.make_admin", "UPDATE users SET role = 'admin' WHERE id = ?"};

app::Actor admin_of(AppFixture& fixture) {
    const base::Ulid id = fixture.tree.make_user("root");
    fixture.catalog.execute(kMakeAdmin, {id});
    return {id, "root", store::Role::admin, {}, {}};
}

}  // namespace

TEST_CASE("an account that is being removed can't become a manager", "[store]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    base::Ulid eva = fixture.tree.make_user("eva");
    app::Spaces spaces(fixture.services);
    auto removal = [&](db::Connection& connection) {
        store::Users(connection).lock_sign_in(eva);
        store::Members(connection).remove_everywhere(eva);
        store::Users(connection).remove(eva);
    };
    auto act = [&] { spaces.put_member(fixture.actor(), fixture.tree.space, eva, store::SpaceRole::manager); };
    CHECK(beside(fixture, removal, act) == Code::not_found);
    CHECK(fixture.catalog.number(kGhosts) == 0);
}

TEST_CASE("a space keeps a manager when one leaves while the other's account is removed", "[store]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::Actor root = admin_of(fixture);
    base::Ulid eva = fixture.tree.make_user("eva");
    app::Spaces spaces(fixture.services);
    spaces.put_member(fixture.actor(), fixture.tree.space, eva, store::SpaceRole::manager);
    app::Passwords passwords(fixture.config.accounts);
    app::Accounts accounts(fixture.services, passwords);
    auto leave = [&](db::Connection& connection) {
        store::lock_space(connection, fixture.tree.space);
        store::Members(connection).remove(fixture.tree.space, fixture.tree.user);
    };
    beside(fixture, leave, [&] { accounts.remove(root, eva); });
    CHECK(fixture.catalog.number(kManagers, {fixture.tree.space}) == 1);
    CHECK(store::Members(*fixture.catalog.pool().acquire()).find(fixture.tree.space, root.user_id));
}

TEST_CASE("a manager without an account does not count as one", "[store]") {
    AppFixture fixture(GENERATE(from_range(test::engines())));
    app::Spaces spaces(fixture.services);
    fixture.catalog.pool().transact([&](db::Connection& connection) {
        store::Members(connection).put(fixture.tree.space, base::Ulid::make(), store::SpaceRole::manager);
    });
    CHECK_THROWS_AS(spaces.remove_member(fixture.actor(), fixture.tree.space, fixture.tree.user), base::Error);
}
