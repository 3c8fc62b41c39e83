// Memberships that change while an account is removed: a space keeps a manager whom everybody sees.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <functional>
#include <latch>
#include <thread>

#include "app/auth/accounts.h"
#include "app/auth/passwords.h"
#include "app/tree/spaces.h"
#include "base/error.h"
#include "store/tree/members.h"
#include "store/tree/space_lock.h"
#include "store/auth/users.h"
#include "support/app_fixture.h"

using namespace bodega;
using base::Code;
using test::Depot;
using Change = std::function<void(db::Connection&)>;

namespace {

constexpr db::Sql kGhosts{"test.ghosts", "SELECT COUNT(*) FROM members WHERE user_id NOT IN (SELECT id FROM users)"};
constexpr db::Sql kManagers{"test.managers", "SELECT COUNT(*) FROM members WHERE space_id = ? AND role = 'manager'"};

// Runs `act` while `change` is made by another transaction and not committed yet.
Code beside(Depot& depot, const Change& change, const std::function<void()>& act) {
    std::latch changed(1);
    std::thread other([&] {
        depot.catalog.pool().transact([&](db::Connection& connection) {
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

app::Actor admin_of(Depot& depot) {
    const base::Ulid id = depot.tree.make_user("root");
    depot.catalog.execute(kMakeAdmin, {id});
    return {id, "root", store::Role::admin, {}, {}};
}

}  // namespace

TEST_CASE("an account that is being removed becomes nobody's manager", "[store]") {
    Depot depot(GENERATE(from_range(test::engines())));
    base::Ulid eva = depot.tree.make_user("eva");
    app::Spaces spaces(depot.services);
    auto removal = [&](db::Connection& connection) {
        store::Users(connection).lock_sign_in(eva);
        store::Members(connection).remove_everywhere(eva);
        store::Users(connection).remove(eva);
    };
    auto act = [&] { spaces.put_member(depot.actor(), depot.tree.space, eva, store::SpaceRole::manager); };
    CHECK(beside(depot, removal, act) == Code::not_found);
    CHECK(depot.catalog.number(kGhosts) == 0);
}

TEST_CASE("a space whose manager leaves keeps one, though another manager's account is removed", "[store]") {
    Depot depot(GENERATE(from_range(test::engines())));
    app::Actor root = admin_of(depot);
    base::Ulid eva = depot.tree.make_user("eva");
    app::Spaces spaces(depot.services);
    spaces.put_member(depot.actor(), depot.tree.space, eva, store::SpaceRole::manager);
    app::Passwords passwords(depot.config.accounts);
    app::Accounts accounts(depot.services, passwords);
    auto leave = [&](db::Connection& connection) {
        store::lock_space(connection, depot.tree.space);
        store::Members(connection).remove(depot.tree.space, depot.tree.user);
    };
    beside(depot, leave, [&] { accounts.remove(root, eva); });
    CHECK(depot.catalog.number(kManagers, {depot.tree.space}) == 1);
    CHECK(store::Members(*depot.catalog.pool().acquire()).find(depot.tree.space, root.user_id));
}

TEST_CASE("a manager without an account counts as none", "[store]") {
    Depot depot(GENERATE(from_range(test::engines())));
    app::Spaces spaces(depot.services);
    depot.catalog.pool().transact([&](db::Connection& connection) {
        store::Members(connection).put(depot.tree.space, base::Ulid::make(), store::SpaceRole::manager);
    });
    CHECK_THROWS_AS(spaces.remove_member(depot.actor(), depot.tree.space, depot.tree.user), base::Error);
}
