// The repository of known devices: browsers that have signed in to an account. Times are on the database's clock. Each
// object uses one connection, on that connection's thread.
#pragma once

#include "db/connection.h"
#include "store/auth/session.h"

namespace bodega::store {

class Devices {
public:
    explicit Devices(db::Connection& connection) : connection_(connection) {}

    bool knows(const SecretHash& hash, const base::Ulid& user_id);

    // Records the device for the account, or extends its lifetime. Keeps only the account's `keep` most recently seen
    // devices. Requires: a transaction.
    void remember(const SecretHash& hash, const base::Ulid& user_id, base::Milliseconds lifetime, int keep);

    // Replaces a device's secret in the rows of all accounts that know the device.
    void rename(const SecretHash& from, const SecretHash& to);

    void remove_all(const base::Ulid& user_id);
    void remove_expired();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
