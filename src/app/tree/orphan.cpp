#include "app/tree/orphan.h"

#include "store/tree/blobs.h"
#include "store/uploads/uploads.h"

namespace bodega::app {

bool is_known(db::Connection& connection, const base::Ulid& id) {
    return store::Blobs(connection).exists(id) || store::Uploads(connection).has_file(id);
}

bool remove_orphan(const Services& services, const base::Ulid& id) {
    return services.catalog.transact([&](db::Connection& connection) {
        store::Blobs blobs(connection);
        // Locks the id by inserting a row for it. If another transaction has inserted the row, this insert waits for
        // its commit. A transaction that inserts the row later waits for this transaction.
        if (store::Uploads(connection).has_file(id) || blobs.insert({id, 0, {}}) == db::Outcome::duplicate)
            return false;
        const bool removed = services.blobs.remove_blob(id);
        blobs.remove(id);
        return removed;
    });
}

}  // namespace bodega::app
