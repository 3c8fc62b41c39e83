// The repository of uploads. An upload's whole state is in its row and its file, so any node can continue it.
//
// One writer at a time: a holder takes the upload until a time on the database's clock. Each later write names the
// holder, and changes nothing once another holder has taken over. A holder that never released may still be writing to
// the file, however late, so its successor is told to move the bytes to another file: see Upload::moves_to.
//
// Each object uses one connection, on that connection's thread. Durations are milliseconds.
#pragma once

#include <optional>
#include <vector>

#include "db/connection.h"
#include "store/uploads/upload.h"

namespace bodega::store {

class Uploads {
public:
    explicit Uploads(db::Connection& connection) : connection_(connection) {}

    // Sets created_at and expires_at by the database's clock. Returns duplicate if the row exists.
    db::Outcome insert(const Upload& upload, base::Milliseconds lifetime);

    // Also finds expired uploads, until the garbage collector removes them.
    std::optional<Upload> find(const base::Ulid& id);

    // Returns a user's open uploads, newest first, at most `limit`.
    std::vector<Upload> under_way(const base::Ulid& user_id, int limit);

    // A user's open uploads: their number, and the total of their announced bytes.
    struct Announced {
        std::int64_t count = 0;
        std::int64_t bytes = 0;
    };
    Announced announced(const base::Ulid& user_id);

    // Locks the user's row until the commit, so that this user's uploads are created one after another. Requires: a
    // transaction.
    void lock_user(const base::Ulid& user_id);

    // Takes the upload for `lease`. Returns false if another holder has it, or it is complete, expired or gone.
    bool take(const base::Ulid& id, const base::Ulid& holder, base::Milliseconds lease);

    // Asks the holder to release the upload. May be called twice.
    void want(const base::Ulid& id);
    // Returns the holders that were asked to release an upload, at most `limit`.
    std::vector<base::Ulid> wanted(int limit);

    // How a holder identifies itself in its writes.
    struct Held {
        base::Ulid id;
        base::Ulid holder;
    };

    // Acknowledges the bytes so far, and extends the lease to `lease` from now. Returns false if another holder took
    // over, or the upload has ended.
    bool acknowledge(const Held& held, std::int64_t received, const base::Bytes& digest_state, base::Milliseconds lease,
                     base::Milliseconds lifetime);

    // Sets a deferred length. Returns false if another holder took over, the upload has ended, or the length was set
    // before.
    bool declare(const Held& held, std::int64_t length);

    // Extends the lease to `lease` from now without acknowledging bytes.
    bool renew(const Held& held, base::Milliseconds lease);

    // Releases the upload, so that the next holder continues with the same file. Requires: no write to the file is
    // pending.
    bool release(const Held& held);
    // Releases the upload, so that the next holder first moves the bytes to another file.
    bool abandon(const Held& held);
    // Records that the first `synced` bytes are in the file moves_to, on the disk.
    bool copied(const Held& held, std::int64_t synced);
    // Records that the acknowledged bytes are in the file moves_to, which becomes the upload's file.
    bool moved(const Held& held);

    // Whether the file belongs to an upload, or is the moves_to of an upload.
    bool has_file(const base::Ulid& file_id);

    // Records that all bytes are on the disk: see Upload::whole. Extends the upload's lifetime to `lifetime` from now.
    // Returns false if another holder took over, or the upload is gone.
    bool keep_whole(const Held& held, const Sha256& sha256, base::Milliseconds lifetime);

    // Ends the upload, which became the file `entry_id`. The upload's row stays for `memory`. Returns false if another
    // holder took over, or the upload is gone.
    bool complete(const Held& held, const base::Ulid& entry_id, base::Milliseconds memory);

    // Removes the upload, even if it has a holder. Returns false if it was gone.
    bool remove(const base::Ulid& id);
    // Removes the upload. Returns false if another holder took over, or the upload has ended.
    bool remove_held(const Held& held);

    // An upload that has expired and has no holder. abandoned() returns at most `limit` of them.
    struct Abandoned {
        base::Ulid id;
        base::Ulid file_id;
        std::optional<base::Ulid> moves_to;
    };
    std::vector<Abandoned> abandoned(int limit);

    // Removes the upload if it has expired and still has no holder.
    bool remove_abandoned(const base::Ulid& id);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
