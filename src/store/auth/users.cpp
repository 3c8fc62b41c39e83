#include "store/auth/users.h"

#include "store/sql_text.h"

namespace bodega::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT u.id, u.username, u.role, u.disabled, u.created_at, u.last_seen_at, p.used_bytes, p.quota_bytes "
    "FROM users u LEFT JOIN spaces p ON p.owner_id = u.id ";
constexpr std::string_view kById = "WHERE u.id = ?";
constexpr std::string_view kPage =
    "WHERE u.username_key > ? AND u.username_key LIKE ? ESCAPE '!' ORDER BY u.username_key LIMIT ?";

constexpr db::Sql kInsert{"users.insert",
                          "INSERT INTO users (id, username, username_key, username_look, role, password_hash, "
                          "created_at) VALUES (?, ?, ?, ?, ?, ?, {now})"};
constexpr db::Sql kFind{"users.find", kJoined<kSelect, kById>};
constexpr db::Sql kList{"users.list", kJoined<kSelect, kPage>};
constexpr db::Sql kSignIn{"users.sign_in",
                          "SELECT id, username, password_hash, disabled FROM users WHERE username_key = ?"};
constexpr db::Sql kSignInById{"users.sign_in_by_id",
                              "SELECT id, username, password_hash, disabled FROM users WHERE id = ?"};
constexpr db::Sql kLockSignIn{"users.lock_sign_in",
                              "SELECT id, username, password_hash, disabled FROM users WHERE id = ?{for_update}"};
constexpr db::Sql kPeople{"users.people",
                          "SELECT id, username FROM users WHERE username_key LIKE ? ESCAPE '!' AND disabled = 0 "
                          "ORDER BY username_key LIMIT ?"};
constexpr db::Sql kFindLook{"users.find_look", "SELECT id, username FROM users WHERE username_look = ? LIMIT 1"};
constexpr db::Sql kWithoutLook{"users.without_look",
                               "SELECT id, username FROM users WHERE username_look IS NULL LIMIT ?"};
constexpr db::Sql kSetLook{"users.set_look", "UPDATE users SET username_look = ? WHERE id = ?"};
constexpr db::Sql kLockAdmins{"users.lock_admins",
                              "SELECT id FROM users WHERE role = 'admin' AND disabled = 0 ORDER BY id{for_update}"};
constexpr db::Sql kCountAdmins{"users.count_admins", "SELECT COUNT(*) FROM users WHERE role = 'admin'"};
constexpr db::Sql kSetRole{"users.set_role", "UPDATE users SET role = ? WHERE id = ?"};
constexpr db::Sql kSetDisabled{"users.set_disabled", "UPDATE users SET disabled = ? WHERE id = ?"};
constexpr db::Sql kSetPassword{"users.set_password", "UPDATE users SET password_hash = ? WHERE id = ?"};
constexpr db::Sql kRemove{"users.remove", "DELETE FROM users WHERE id = ?"};
constexpr db::Sql kTouch{"users.touch",
                         "UPDATE users SET last_seen_at = {now} "
                         "WHERE id = ? AND (last_seen_at IS NULL OR last_seen_at < {now} - ?)"};

User read_user(const db::Statement& row) {
    User user;
    user.id = row.ulid(0);
    user.username = row.text(1);
    user.role = parse_role(row.text(2)).value_or(Role::member);
    user.disabled = row.int64(3) != 0;
    user.created_at = row.int64(4);
    user.last_seen_at = row.optional_int64(5);
    user.used_bytes = row.int64(6);
    user.quota_bytes = row.optional_int64(7);
    return user;
}

std::optional<SignInRow> read_sign_in(db::Statement& row) {
    if (!row.next()) return std::nullopt;
    SignInRow found{row.ulid(0), std::string(row.text(1)), std::string(row.text(2)), row.int64(3) != 0};
    row.reset();
    return found;
}

std::vector<Person> read_people(db::Statement& row) {
    std::vector<Person> people;
    while (row.next()) people.push_back({row.ulid(0), std::string(row.text(1))});
    return people;
}

}  // namespace

db::Outcome Users::insert(const NewUser& user) {
    const db::Param look = user.username_look.empty() ? db::Param(db::Null{}) : db::Param(user.username_look);
    return connection_
        .execute(kInsert, {user.id, user.username, user.username_key, look, role_name(user.role), user.password_hash})
        .outcome;
}

std::optional<User> Users::find(const base::Ulid& id) {
    auto& row = connection_.query(kFind, {id});
    if (!row.next()) return std::nullopt;
    User user = read_user(row);
    row.reset();
    return user;
}

std::optional<SignInRow> Users::find_sign_in(std::string_view username_key) {
    return read_sign_in(connection_.query(kSignIn, {username_key}));
}

std::optional<SignInRow> Users::find_sign_in(const base::Ulid& id) {
    return read_sign_in(connection_.query(kSignInById, {id}));
}

std::optional<SignInRow> Users::lock_sign_in(const base::Ulid& id) {
    return read_sign_in(connection_.query(kLockSignIn, {id}));
}

std::vector<User> Users::list(std::string_view pattern, std::string_view after, int limit) {
    std::vector<User> users;
    auto& row = connection_.query(kList, {after, pattern, limit});
    while (row.next()) users.push_back(read_user(row));
    return users;
}

std::optional<Person> Users::find_look(std::string_view username_look) {
    std::vector<Person> people = read_people(connection_.query(kFindLook, {username_look}));
    return people.empty() ? std::nullopt : std::optional(std::move(people.front()));
}

std::vector<Person> Users::without_look(int limit) { return read_people(connection_.query(kWithoutLook, {limit})); }

void Users::set_look(const base::Ulid& id, std::string_view username_look) {
    connection_.execute(kSetLook, {username_look, id});
}

std::vector<Person> Users::list_people(std::string_view pattern, int limit) {
    return read_people(connection_.query(kPeople, {pattern, limit}));
}

std::int64_t Users::lock_admins() {
    std::int64_t count = 0;
    auto& row = connection_.query(kLockAdmins);
    while (row.next()) ++count;
    return count;
}

std::int64_t Users::count_admins() {
    auto& row = connection_.query(kCountAdmins);
    std::int64_t count = row.next() ? row.int64(0) : 0;
    row.reset();
    return count;
}

void Users::set_role(const base::Ulid& id, Role role) { connection_.execute(kSetRole, {role_name(role), id}); }

void Users::set_disabled(const base::Ulid& id, bool disabled) { connection_.execute(kSetDisabled, {disabled, id}); }

void Users::set_password_hash(const base::Ulid& id, std::string_view hash) {
    connection_.execute(kSetPassword, {hash, id});
}

void Users::remove(const base::Ulid& id) { connection_.execute(kRemove, {id}); }

void Users::touch(const base::Ulid& id, base::Milliseconds grain) { connection_.execute(kTouch, {id, grain}); }

}  // namespace bodega::store
