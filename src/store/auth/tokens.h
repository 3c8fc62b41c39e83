// The API tokens' repository; times are the database's clock's. One object works on one connection, on its thread.
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
    std::vector<Token> list(const base::Ulid& user_id);  // expired ones too; the newest first
    std::int64_t count(const base::Ulid& user_id);

    // Stamps it as used now, unless it was within `grain`.
    void touch(const SecretHash& hash, base::Milliseconds grain);

    bool remove(const base::Ulid& id, const base::Ulid& user_id);  // false: that user has no such token
    std::int64_t remove_all(const base::Ulid& user_id);            // how many those were

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
