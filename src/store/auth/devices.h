// The known devices' repository: browsers that have signed in to an account. Times are the database's clock's. One
// object works on one connection, on its thread.
#pragma once

#include "db/connection.h"
#include "store/auth/session.h"

namespace bodega::store {

class Devices {
public:
    explicit Devices(db::Connection& connection) : connection_(connection) {}

    bool knows(const SecretHash& hash, const base::Ulid& user_id);

    // Makes the device known to the account, or known for longer; the oldest beyond the `keep` of the account that
    // were seen last are removed. Requires: a transaction.
    void remember(const SecretHash& hash, const base::Ulid& user_id, base::Milliseconds lifetime, int keep);

    // A device has another secret from now on, for all its accounts.
    void rename(const SecretHash& from, const SecretHash& to);

    void remove_all(const base::Ulid& user_id);
    void remove_expired();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
