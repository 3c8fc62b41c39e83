// The repository of accounts. Each object uses one connection, on that connection's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/auth/user.h"

namespace bodega::store {

struct NewUser {
    base::Ulid id;
    std::string username;
    // Unique form of the name (app::username_key), so that no two accounts have the same name.
    std::string username_key;
    Role role = Role::member;
    std::string password_hash;
    // Form of the name in which look-alike names are equal (app::username_look). Empty: not known.
    std::string username_look = {};
};

// The columns that a sign-in needs. No other use reads the password hash.
struct SignInRow {
    base::Ulid id;
    std::string username;
    std::string password_hash;
    bool disabled = false;
};

struct Person {
    base::Ulid id;
    std::string username;
};

class Users {
public:
    explicit Users(db::Connection& connection) : connection_(connection) {}

    db::Outcome insert(const NewUser& user);  // duplicate: the name is taken

    std::optional<User> find(const base::Ulid& id);
    // Returns an account whose name has this username_look: a person could not tell the two names apart.
    std::optional<Person> find_look(std::string_view username_look);
    // Returns at most `limit` accounts without a username_look, which an older version created.
    std::vector<Person> without_look(int limit);
    void set_look(const base::Ulid& id, std::string_view username_look);
    std::optional<SignInRow> find_sign_in(std::string_view username_key);
    std::optional<SignInRow> find_sign_in(const base::Ulid& id);
    // Like find_sign_in(), and locks the row until the transaction's end, so that a concurrent password change is
    // noticed.
    std::optional<SignInRow> lock_sign_in(const base::Ulid& id);

    // Returns accounts sorted by username, beginning after the username_key `after` (empty: with the first account).
    // `pattern` is an SQL LIKE pattern for the username_key, with '!' as escape ("%": all accounts).
    std::vector<User> list(std::string_view pattern, std::string_view after, int limit);
    // Returns the ids and names of enabled accounts.
    std::vector<Person> list_people(std::string_view pattern, int limit);

    // Locks the rows of the enabled administrators, and counts them. Requires: a transaction.
    std::int64_t lock_admins();
    std::int64_t count_admins();  // counts disabled administrators too; 0: the set-up is not done

    void set_role(const base::Ulid& id, Role role);
    void set_disabled(const base::Ulid& id, bool disabled);
    void set_password_hash(const base::Ulid& id, std::string_view hash);
    void remove(const base::Ulid& id);

    // Sets the account's last use to now. Does nothing if it is less than `grain` ago, to save writes.
    void touch(const base::Ulid& id, base::Milliseconds grain);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
