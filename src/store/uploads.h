// The uploads' repository. All that an upload needs is in its row and its file, so any node goes on with it.
//
// One writer at a time: a holder takes the upload until a time on the database's clock, with a fence that
// grows; each later write names the fence and changes nothing once another has taken over.
//
// One object works on one connection, on its thread. Durations are milliseconds.
#pragma once

#include <optional>
#include <vector>

#include "db/connection.h"
#include "store/upload.h"

namespace bodega::store {

class Uploads {
public:
    explicit Uploads(db::Connection& connection) : connection_(connection) {}

    // created_at and expires_at are set by the database's clock. duplicate: it is there already.
    db::Outcome insert(const Upload& upload, base::Milliseconds lifetime);

    // Expired ones too, until they are swept.
    std::optional<Upload> find(const base::Ulid& id);

    // A user's own that are under way, newest first, at most `limit`.
    std::vector<Upload> under_way(const base::Ulid& user_id, int limit);

    // Takes the upload for `lease`. False: someone else holds it, it is ended, expired or gone.
    bool take(const base::Ulid& id, const base::Ulid& holder, base::Milliseconds lease);

    // What a holder knows when it writes.
    struct Held {
        base::Ulid id;
        base::Ulid holder;
    };

    // Acknowledges the bytes so far, and keeps the upload for `lease` more (0: lets it go). False: lost to
    // another, or ended.
    bool acknowledge(const Held& held, std::int64_t received, const base::Bytes& digest_state, base::Milliseconds lease,
                     base::Milliseconds lifetime);

    // Keeps it for `lease` more (0: lets it go) without acknowledging anything.
    bool renew(const Held& held, base::Milliseconds lease);

    // Its end: it became `entry_id`, and is remembered for `memory`. False: lost to another, or gone.
    bool complete(const Held& held, const base::Ulid& entry_id, base::Milliseconds memory);

    // Ends it, whoever holds it. False: gone already.
    bool remove(const base::Ulid& id);

    // Those that are expired and held by nobody, at most `limit`.
    std::vector<base::Ulid> abandoned(int limit);

    // Removes one if it still is abandoned.
    bool remove_abandoned(const base::Ulid& id);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
