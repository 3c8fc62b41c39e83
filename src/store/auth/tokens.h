// The repository of API tokens; times are on the database's clock. Each object uses one connection, on that
// connection's thread.
#pragma once

#include <vector>

#include "db/connection.h"
#include "store/auth/session.h"

namespace bodega::store {

struct NewToken {
    base::Ulid id;
    SecretHash hash{};
    base::Ulid user_id;
    std::string name;
    std::optional<base::Milliseconds> expires_at;
    TokenScope scope = TokenScope::admin;
};

class Tokens {
public:
    explicit Tokens(db::Connection& connection) : connection_(connection) {}

    void insert(const NewToken& token);
    std::optional<Token> find(const base::Ulid& id, const base::Ulid& user_id);
    std::vector<Token> list(const base::Ulid& user_id);  // all tokens, also expired ones; newest first
    std::int64_t count(const base::Ulid& user_id);

    // Records that the token is used now. Does nothing if a use was recorded within the last `grain`.
    void touch(const SecretHash& hash, base::Milliseconds grain);

    bool remove(const base::Ulid& id, const base::Ulid& user_id);  // false: the user has no token with this id
    std::int64_t remove_all(const base::Ulid& user_id);            // returns how many were removed

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
