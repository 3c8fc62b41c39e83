// The uploads' repository. All that an upload needs is in its row and its file, so any node goes on with it.
//
// One writer at a time: a holder takes the upload until a time on the database's clock; each later write names the
// holder and changes nothing once another has taken over. A holder who did not let it go may still write to the file,
// however late, so who takes over is told to move the bytes to another: see Upload::moves_to.
//
// One object works on one connection, on its thread. Durations are milliseconds.
#pragma once

#include <optional>
#include <vector>

#include "db/connection.h"
#include "store/uploads/upload.h"

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

    // Of a user's own that are under way: how many, and the bytes that they were announced with.
    struct Announced {
        std::int64_t count = 0;
        std::int64_t bytes = 0;
    };
    Announced announced(const base::Ulid& user_id);

    // Makes the creations of one user's uploads run one after another until the commit. Requires: a transaction.
    void lock_user(const base::Ulid& user_id);

    // Takes the upload for `lease`. False: someone else holds it, it is ended, expired or gone.
    bool take(const base::Ulid& id, const base::Ulid& holder, base::Milliseconds lease);

    // Asks whoever holds the upload to release it. Harmless twice.
    void want(const base::Ulid& id);
    // The holders that are asked to, at most `limit`.
    std::vector<base::Ulid> wanted(int limit);

    // What a holder knows when it writes.
    struct Held {
        base::Ulid id;
        base::Ulid holder;
    };

    // Acknowledges the bytes so far, and keeps the upload for `lease` more. False: lost to another, or ended.
    bool acknowledge(const Held& held, std::int64_t received, const base::Bytes& digest_state, base::Milliseconds lease,
                     base::Milliseconds lifetime);

    // Sets a length that was deferred. False: lost to another, ended, or set before.
    bool declare(const Held& held, std::int64_t length);

    // Keeps it for `lease` more without acknowledging anything.
    bool renew(const Held& held, base::Milliseconds lease);

    // Lets it go, for the next one to go on with the same file. Requires: nothing is on its way to the file any more.
    bool release(const Held& held);
    // Lets it go, for the next one to move the bytes to another file first.
    bool forsake(const Held& held);
    // The first `synced` bytes are in the file moves_to, on the disk.
    bool copied(const Held& held, std::int64_t synced);
    // The acknowledged bytes are in the file moves_to, which is its file from now on.
    bool moved(const Held& held);

    // Whether it is the file of any upload, or is to become one.
    bool has_file(const base::Ulid& file_id);

    // All its bytes are on the disk: see Upload::whole. Kept for `lifetime` more. False: lost to another, or gone.
    bool keep_whole(const Held& held, const Sha256& sha256, base::Milliseconds lifetime);

    // Its end: it became `entry_id`, and is remembered for `memory`. False: lost to another, or gone.
    bool complete(const Held& held, const base::Ulid& entry_id, base::Milliseconds memory);

    // Ends it, whoever holds it. False: gone already.
    bool remove(const base::Ulid& id);
    // Ends it. False: lost to another, or ended.
    bool remove_held(const Held& held);

    // Those that are expired and held by nobody, at most `limit`.
    struct Abandoned {
        base::Ulid id;
        base::Ulid file_id;
        std::optional<base::Ulid> moves_to;
    };
    std::vector<Abandoned> abandoned(int limit);

    // Removes one if it still is abandoned.
    bool remove_abandoned(const base::Ulid& id);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
