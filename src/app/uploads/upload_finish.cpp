#include "app/uploads/upload_finish.h"

#include "app/tree/creation.h"
#include "app/tree/file_commit.h"
#include "app/tree/free_quota.h"
#include "app/tree/incoming_file.h"
#include "app/tree/refusal.h"
#include "app/uploads/offset_mismatch.h"
#include "app/uploads/uploads.h"
#include "base/error.h"
#include "base/media_type.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;

// Milliseconds. The time for which a completed upload can still be found, by a client that lost the last response.
constexpr base::Milliseconds kMemory = 24 * 3600 * 1000;

class Finish {
public:
    Finish(const Services& services, const Actor& actor, UploadLease& lease, store::OnConflict on_conflict)
        : services_(services), actor_(actor), lease_(lease), upload_(lease.upload()), on_conflict_(on_conflict) {}

    base::Ulid run(const store::Sha256& sha256) {
        if (upload_.sha256 && *upload_.sha256 != sha256) refuse_bytes();
        lease_.change([&] { services_.blobs.publish(upload_.file_id, upload_.length); });
        const store::Content content{upload_.file_id, upload_.length, std::string(base::media_type_of(upload_.name)),
                                     sha256, upload_.modified_at};
        const base::Ulid entry_id = commit(content);
        lease_.ended();
        return entry_id;
    }

private:
    [[noreturn]] void refuse_bytes() {
        auto work = [&](db::Connection& connection) {
            if (!store::Uploads(connection).remove_held(lease_.held())) throw UploadLease::lost(connection, upload_.id);
        };
        auto happened = [&](db::Connection& connection) { return !store::Uploads(connection).find(upload_.id); };
        services_.catalog.transact(work, happened);
        lease_.ended();
        discard_incoming(services_, upload_.file_id);
        throw base::Error(Code::checksum_mismatch,
                          "The file's bytes are not those of the sha256 that it was announced with. Upload it again.");
    }

    base::Ulid commit(const store::Content& content) {
        try {
            return commit_content(content);
        } catch (const base::Error& error) {
            if (is_refusal(error.code())) discard("whole upload", [&] { keep(content.sha256); });
            throw;
        }
    }

    base::Ulid commit_content(const store::Content& content) {
        FileCommit commit{upload_.parent_id,
                          upload_.name,
                          on_conflict_,
                          Precondition{},
                          actor_,
                          base::Ulid::make(),
                          services_.config.files.versions_keep,
                          quota_rules(services_, upload_.id)};
        auto work = [&](db::Connection& connection) {
            store::Uploads uploads(connection);
            // Locks the upload's row. A request that takes over or ends the upload therefore runs before this
            // transaction or waits for its commit.
            bool held = uploads.renew(lease_.held(), UploadLease::kLease.count());
            auto there = uploads.find(upload_.id);
            if (there && there->entry_id) return *there->entry_id;  // an earlier run of this transaction was committed
            if (!held) throw UploadLease::lost(connection, upload_.id);
            if (!there->may_write) throw base::Error(Code::forbidden, "You may not change that space (any more).");
            base::Ulid entry_id = commit_file(connection, commit, content).entry.id;
            uploads.complete(lease_.held(), entry_id, kMemory);
            return entry_id;
        };
        auto happened = [&](db::Connection& connection) {
            auto there = store::Uploads(connection).find(upload_.id);
            return there && there->entry_id;
        };
        return services_.catalog.transact(work, happened);
    }

    // Records that all bytes are on the disk, so that the upload can be finished later. If recording fails, the client
    // sends the bytes after the last acknowledgement again.
    void keep(const store::Sha256& sha256) {
        const base::Milliseconds lifetime = services_.config.files.upload_expiry.count();
        services_.catalog.transact([&](db::Connection& connection) {
            store::Uploads(connection).keep_whole(lease_.held(), sha256, lifetime);
        });
    }

    const Services& services_;
    const Actor& actor_;
    UploadLease& lease_;
    const store::Upload& upload_;
    const store::OnConflict on_conflict_;
};

}  // namespace

base::Ulid finish_held(const Services& services, const Actor& actor, UploadLease& lease, const store::Sha256& sha256,
                       store::OnConflict on_conflict) {
    return Finish(services, actor, lease, on_conflict).run(sha256);
}

base::Ulid finish_whole(const Services& services, const Actor& actor, const base::Ulid& id,
                        store::OnConflict on_conflict) {
    const store::Upload seen = find_upload(services, actor, id);
    if (seen.entry_id) return *seen.entry_id;
    if (!seen.whole) throw OffsetMismatch(seen.received);
    UploadLease lease(services, id, seen.received);
    if (lease.upload().entry_id) return *lease.upload().entry_id;
    if (!lease.upload().whole) throw OffsetMismatch(lease.upload().received);
    return finish_held(services, actor, lease, *lease.upload().whole, on_conflict);
}

store::Entry finished_entry(const Services& services, const Actor& actor, const base::Ulid& entry_id) {
    return services.catalog.read([&](db::Connection& connection) {
        return created_entry(connection, actor, {.request = {}, .upload_id = {}, .entry_id = entry_id});
    });
}

}  // namespace bodega::app
