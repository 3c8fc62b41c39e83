#include "app/gc/garbage_collector.h"

#include <algorithm>

#include "app/tree/incoming_file.h"
#include "app/tree/orphan.h"
#include "app/tree/refusal.h"
#include "app/tree/trash.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/fleet/leases.h"
#include "store/tree/blobs.h"
#include "store/uploads/uploads.h"

namespace bodega::app {
namespace {

// Milliseconds. The lifetime of the lease: if the collecting node is lost, no other node collects for this time.
constexpr base::Milliseconds kLease = 30'000;
constexpr int kBatch = 100;
// Milliseconds. After the app has answered a download, the edge opens the file within this time.
constexpr base::Milliseconds kErasedGrace = 1000;

bool is_kept(const std::vector<store::Span>& times, const base::Ulid& file) {
    return std::ranges::any_of(times, [&](const store::Span& span) { return span.has(file.time()); });
}

}  // namespace

GarbageCollector::GarbageCollector(const Services& services, const base::Ulid& node_id,
                                   std::optional<config::Duration> grace, FolderBinding* binding)
    : services_(services),
      grace_(grace.value_or(std::max(services.config.files.blob_grace, kLeastGrace)).count()),
      lease_(services, "sweeper", node_id, kLease),
      own_binding_(services.catalog, services.blobs.files(), services.blobs.root()),
      binding_(binding ? *binding : own_binding_) {}

std::optional<Collected> GarbageCollector::pass() {
    if (!lease_.keep() || !binding_.replace()) return std::nullopt;
    Collected collected;
    remove_uploads(collected);
    remove_incoming(collected);
    remove_trash(collected);
    remove_blobs(collected, grace_);
    trim_audit(collected);
    if (lease_.keep()) collected.orphans = sweep_orphans(next_part());
    if (collected.uploads + collected.incoming + collected.trash + collected.blobs + collected.orphans +
            collected.audit >
        0)
        base::log::info("sweeper", "removed what is not needed any more",
                        {{"uploads", collected.uploads},
                         {"incoming", collected.incoming},
                         {"trash", collected.trash},
                         {"blobs", collected.blobs},
                         {"orphans", collected.orphans},
                         {"audit", collected.audit}});
    return collected;
}

void GarbageCollector::remove_uploads(Collected& collected) {
    for (int done = 0; done < kMaxOfAKind && lease_.keep(); done += kBatch) {
        std::vector<store::Uploads::Abandoned> ended = services_.catalog.transact([&](db::Connection& connection) {
            store::Uploads uploads(connection);
            std::vector<store::Uploads::Abandoned> out;
            for (const store::Uploads::Abandoned& one : uploads.abandoned(kBatch))
                if (uploads.remove_abandoned(one.id)) out.push_back(one);
            return out;
        });
        collected.uploads += static_cast<std::int64_t>(ended.size());
        for (const store::Uploads::Abandoned& one : ended) {
            collected.incoming += remove_file(one.file_id);
            if (one.moves_to) collected.incoming += remove_file(*one.moves_to);
        }
        if (ended.size() < kBatch) return;
    }
}

// Removes a file from incoming unless the catalog knows it. Returns the number of removed files: 0 or 1.
std::int64_t GarbageCollector::remove_file(const base::Ulid& id) {
    std::int64_t ended = 0;
    discard("incoming", [&] { ended = end_incoming_file(services_, id) ? 1 : 0; });
    return ended;
}

void GarbageCollector::remove_incoming(Collected& collected) {
    if (!lease_.keep()) return;
    base::Milliseconds file_now = services_.blobs.file_clock();
    base::Milliseconds now = services_.catalog.read([](db::Connection& connection) { return connection.now_ms(); });
    const std::vector<store::Span> kept = kept_times();
    std::vector<base::Ulid> old;
    // A PUT has no row in the catalog, so the time of its last write shows whether it is still running. A PUT without a
    // write for the grace period has ended.
    services_.blobs.list_incoming([&](const blobs::FileInfo& file) {
        if (!is_kept(kept, file.id) && file.id.time() < now - grace_ && file.changed_at < file_now - grace_ &&
            old.size() < kMaxOfAKind)
            old.push_back(file.id);
    });
    for (const base::Ulid& id : old) {
        if (!lease_.keep()) return;
        collected.incoming += remove_file(id);
    }
}

void GarbageCollector::remove_trash(Collected& collected) {
    const base::Milliseconds now =
        services_.catalog.read([](db::Connection& connection) { return connection.now_ms(); });
    for (int ended = kBatch; ended >= kBatch && collected.trash < kMaxOfAKind && lease_.keep();
         collected.trash += ended)
        ended = expire_trash(services_, now, kBatch);
}

void GarbageCollector::trim_audit(Collected& collected) {
    const base::Milliseconds keep = services_.config.accounts.audit_keep.count();
    if (keep == 0) return;
    for (int ended = kBatch; ended >= kBatch && collected.audit < kMaxOfAKind && lease_.keep();
         collected.audit += ended)
        ended = services_.catalog.transact([&](db::Connection& connection) {
            return store::Audit(connection).trim(connection.now_ms() - keep, kBatch);
        });
}

void GarbageCollector::end_erased() {
    const bool has_any =
        !services_.catalog
             .read([](db::Connection& connection) { return store::Blobs(connection).released(kErasedGrace, 1); })
             .empty();
    if (!has_any || !lease_.keep() || !binding_.replace()) return;
    Collected collected;
    remove_blobs(collected, kErasedGrace);
    if (collected.blobs > 0)
        base::log::info("sweeper", "the disk is short of room: removed the bytes of erased files early",
                        {{"blobs", collected.blobs}});
}

void GarbageCollector::remove_blobs(Collected& collected, base::Milliseconds grace) {
    for (int done = 0; done < kMaxOfAKind && lease_.keep(); done += kBatch) {
        std::vector<base::Ulid> released = services_.catalog.read([&](db::Connection& connection) {
            const bool held = store::Leases(connection).is_held(store::kBackupLease);
            return held ? std::vector<base::Ulid>() : store::Blobs(connection).released(grace, kBatch);
        });
        for (const base::Ulid& id : released) {
            if (!lease_.keep()) return;
            bool ended = services_.catalog.transact(
                [&](db::Connection& connection) { return store::Blobs(connection).remove_unreferenced(id, grace); });
            if (!ended) continue;
            ++collected.blobs;
            discard("blob", [&] { services_.blobs.remove_blob(id); });
        }
        if (released.size() < kBatch) return;
    }
}

std::int64_t GarbageCollector::sweep_orphans(int part) {
    base::Milliseconds file_now = services_.blobs.file_clock();
    base::Milliseconds now = services_.catalog.read([](db::Connection& connection) { return connection.now_ms(); });
    const std::vector<store::Span> kept = kept_times();
    std::int64_t removed = 0;
    services_.blobs.list_blobs(part, [&](const blobs::FileInfo& file) {
        if (is_kept(kept, file.id) || file.id.time() >= now - grace_ || file.changed_at >= file_now - grace_ ||
            removed >= kMaxOfAKind)
            return;
        if (!lease_.keep()) return;
        bool known = services_.catalog.read([&](db::Connection& connection) { return is_known(connection, file.id); });
        if (!known) discard("orphan", [&] { removed += remove_orphan(services_, file.id) ? 1 : 0; });
    });
    return removed;
}

// Returns periods of time. Files that were created in them are kept, since another catalog may name them: a copy of
// this catalog, or the former catalog of an adopted folder.
std::vector<store::Span> GarbageCollector::kept_times() const {
    return services_.catalog.read([](db::Connection& connection) { return store::Bindings(connection).kept_times(); });
}

int GarbageCollector::next_part() const {
    // The part depends only on the clock. So the next pass continues with the next part, whichever node runs it.
    base::Milliseconds every = std::max<base::Milliseconds>(1, services_.config.files.sweep_every.count());
    return static_cast<int>(base::now_ms() / every % blobs::Store::kParts);
}

}  // namespace bodega::app
