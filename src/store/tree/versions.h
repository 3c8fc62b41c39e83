// A file's former contents. The current content is in its entry.
#pragma once

#include <optional>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"

namespace bodega::store {

// Each object uses one connection, on that connection's thread.
class Versions {
public:
    explicit Versions(db::Connection& connection) : connection_(connection) {}

    // Returns the former contents, newest first.
    std::vector<Version> list(const base::Ulid& entry_id);

    // Returns a former content by its number.
    std::optional<Version> find(const base::Ulid& entry_id, std::int64_t number);

    // Stores the entry's current content as a version. Requires: a lock on the space, and that this transaction
    // replaces the entry's content.
    void keep_current(const base::Ulid& entry_id);

    // remove() deletes a version and drops its reference to the blob. take() deletes the version, but keeps the
    // reference, which is then the caller's. Both return the version's bytes, which the caller subtracts from the
    // space, or 0 if no version has this number. Requires: a lock on the space.
    std::int64_t remove(const base::Ulid& entry_id, std::int64_t number);
    std::int64_t take(const base::Ulid& entry_id, std::int64_t number);

    // Removes all but the newest `keep` versions. Returns their bytes, which the caller subtracts from the space.
    // Requires: a lock on the space.
    std::int64_t trim(const base::Ulid& entry_id, int keep);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
