// One-time tokens for the first administrator: a token that one node printed is valid on every node. Each object uses
// one connection, on that connection's thread.
#pragma once

#include "db/connection.h"
#include "store/auth/session.h"

namespace bodega::store {

class SetupTokens {
public:
    explicit SetupTokens(db::Connection& connection) : connection_(connection) {}

    void insert(const SecretHash& hash, base::Milliseconds lifetime);
    bool is_live(const SecretHash& hash);

    // Locks all tokens until the transaction's end, so that the second of two concurrent set-ups sees the result of the
    // first. Requires: a transaction.
    void lock();

    void remove_all();
    void remove_expired();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
