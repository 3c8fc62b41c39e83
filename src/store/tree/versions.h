// A file's former contents. The current one is in its entry.
#pragma once

#include <optional>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

// One object works on one connection, on its thread.
class Versions {
public:
    explicit Versions(db::Connection& connection) : connection_(connection) {}

    // The former ones, newest first.
    std::vector<Version> list(const base::Ulid& entry_id);

    // A former one by its number.
    std::optional<Version> find(const base::Ulid& entry_id, std::int64_t number);

    // Keeps the entry's current content as a former one. Requires: a lock on the space, and that the entry's
    // content is replaced in this transaction.
    void keep_current(const base::Ulid& entry_id);

    // Ends a former one, or makes it no version any more while the caller keeps its blob. Both return the bytes it
    // counted for, which the caller gives back to the space; 0: there is none of that number.
    // Requires: a lock on the space.
    std::int64_t remove(const base::Ulid& entry_id, std::int64_t number);
    std::int64_t take(const base::Ulid& entry_id, std::int64_t number);

    // Lets go of all but the newest `keep` former ones. Returns the bytes they counted for, which the caller
    // gives back to the space. Requires: a lock on the space.
    std::int64_t trim(const base::Ulid& entry_id, int keep);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
