#include "app/gc/garbage_collector.h"

#include <algorithm>

#include "app/tree/incoming_file.h"
#include "app/tree/orphan.h"
#include "app/tree/refusal.h"
#include "app/tree/trash.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/tree/blobs.h"
#include "store/fleet/leases.h"
#include "store/uploads/uploads.h"

namespace bodega::app {
namespace {

constexpr base::Milliseconds kLease = 30'000;  // so long nobody sweeps after a node that was lost
constexpr int kBatch = 100;
constexpr base::Milliseconds kErasedGrace = 1000;  // a download that has its answer opens the file by then

bool is_kept(const std::vector<store::Span>& times, const base::Ulid& file) {
    return std::ranges::any_of(times, [&](const store::Span& span) { return span.has(file.time()); });
}

}  // namespace

Sweeper::Sweeper(const Services& services, const base::Ulid& node_id, std::optional<config::Duration> grace,
                 FolderBinding* binding)
    : services_(services),
      grace_(grace.value_or(std::max(services.config.files.blob_grace, kLeastGrace)).count()),
      lease_(services, "sweeper", node_id, kLease),
      own_binding_(services.catalog, services.blobs.files(), services.blobs.root()),
      binding_(binding ? *binding : own_binding_) {}

std::optional<Swept> Sweeper::pass() {
    if (!lease_.keep() || !binding_.replace()) return std::nullopt;
    Swept swept;
    end_uploads(swept);
    end_incoming(swept);
    end_trash(swept);
    end_blobs(swept, grace_);
    trim_audit(swept);
    if (lease_.keep()) swept.orphans = sweep_orphans(next_top());
    if (swept.uploads + swept.incoming + swept.trash + swept.blobs + swept.orphans + swept.audit > 0)
        base::log::info("sweeper", "ended what nobody needs any more",
                        {{"uploads", swept.uploads},
                         {"incoming", swept.incoming},
                         {"trash", swept.trash},
                         {"blobs", swept.blobs},
                         {"orphans", swept.orphans},
                         {"audit", swept.audit}});
    return swept;
}

void Sweeper::end_uploads(Swept& swept) {
    for (int done = 0; done < kMostOfAKind && lease_.keep(); done += kBatch) {
        std::vector<store::Uploads::Abandoned> ended = services_.catalog.transact([&](db::Connection& connection) {
            store::Uploads uploads(connection);
            std::vector<store::Uploads::Abandoned> out;
            for (const store::Uploads::Abandoned& one : uploads.abandoned(kBatch))
                if (uploads.remove_abandoned(one.id)) out.push_back(one);
            return out;
        });
        swept.uploads += static_cast<std::int64_t>(ended.size());
        for (const store::Uploads::Abandoned& one : ended) {
            swept.incoming += end_file(one.file_id);
            if (one.moves_to) swept.incoming += end_file(*one.moves_to);
        }
        if (ended.size() < kBatch) return;
    }
}

// How many were ended.
std::int64_t Sweeper::end_file(const base::Ulid& id) {
    std::int64_t ended = 0;
    discard("incoming", [&] { ended = end_incoming_file(services_, id) ? 1 : 0; });
    return ended;
}

void Sweeper::end_incoming(Swept& swept) {
    if (!lease_.keep()) return;
    base::Milliseconds file_now = services_.blobs.file_clock();
    base::Milliseconds now = services_.catalog.read([](db::Connection& connection) { return connection.now_ms(); });
    const std::vector<store::Span> kept = kept_times();
    std::vector<base::Ulid> old;
    // A PUT has no row. What it wrote last is its heartbeat: one that is silent for the grace is dead.
    services_.blobs.list_incoming([&](const blobs::FileInfo& file) {
        if (!is_kept(kept, file.id) && file.id.time() < now - grace_ && file.changed_at < file_now - grace_ &&
            old.size() < kMostOfAKind)
            old.push_back(file.id);
    });
    for (const base::Ulid& id : old) {
        if (!lease_.keep()) return;
        swept.incoming += end_file(id);
    }
}

void Sweeper::end_trash(Swept& swept) {
    const base::Milliseconds now =
        services_.catalog.read([](db::Connection& connection) { return connection.now_ms(); });
    for (int ended = kBatch; ended >= kBatch && swept.trash < kMostOfAKind && lease_.keep(); swept.trash += ended)
        ended = expire_trash(services_, now, kBatch);
}

void Sweeper::trim_audit(Swept& swept) {
    const base::Milliseconds keep = services_.config.accounts.audit_keep.count();
    if (keep == 0) return;
    for (int ended = kBatch; ended >= kBatch && swept.audit < kMostOfAKind && lease_.keep(); swept.audit += ended)
        ended = services_.catalog.transact([&](db::Connection& connection) {
            return store::Audit(connection).trim(connection.now_ms() - keep, kBatch);
        });
}

void Sweeper::end_erased() {
    const bool has_any =
        !services_.catalog
             .read([](db::Connection& connection) { return store::Blobs(connection).released(kErasedGrace, 1); })
             .empty();
    if (!has_any || !lease_.keep() || !binding_.replace()) return;
    Swept swept;
    end_blobs(swept, kErasedGrace);
    if (swept.blobs > 0)
        base::log::info("sweeper", "the disk is short of room: what was erased has ended", {{"blobs", swept.blobs}});
}

void Sweeper::end_blobs(Swept& swept, base::Milliseconds grace) {
    for (int done = 0; done < kMostOfAKind && lease_.keep(); done += kBatch) {
        std::vector<base::Ulid> released = services_.catalog.read([&](db::Connection& connection) {
            const bool held = store::Leases(connection).is_held(store::kBackupLease);
            return held ? std::vector<base::Ulid>() : store::Blobs(connection).released(grace, kBatch);
        });
        for (const base::Ulid& id : released) {
            if (!lease_.keep()) return;
            bool ended = services_.catalog.transact(
                [&](db::Connection& connection) { return store::Blobs(connection).remove_unreferenced(id, grace); });
            if (!ended) continue;
            ++swept.blobs;
            discard("blob", [&] { services_.blobs.remove_blob(id); });
        }
        if (released.size() < kBatch) return;
    }
}

std::int64_t Sweeper::sweep_orphans(int top) {
    base::Milliseconds file_now = services_.blobs.file_clock();
    base::Milliseconds now = services_.catalog.read([](db::Connection& connection) { return connection.now_ms(); });
    const std::vector<store::Span> kept = kept_times();
    std::int64_t removed = 0;
    services_.blobs.list_blobs(top, [&](const blobs::FileInfo& file) {
        if (is_kept(kept, file.id) || file.id.time() >= now - grace_ || file.changed_at >= file_now - grace_ ||
            removed >= kMostOfAKind)
            return;
        if (!lease_.keep()) return;
        bool known = services_.catalog.read([&](db::Connection& connection) { return is_known(connection, file.id); });
        if (!known) discard("orphan", [&] { removed += remove_orphan(services_, file.id) ? 1 : 0; });
    });
    return removed;
}

// Files that another catalog may name: a copy of this one, or the former one of a folder that was adopted.
std::vector<store::Span> Sweeper::kept_times() const {
    return services_.catalog.read([](db::Connection& connection) { return store::Bindings(connection).kept_times(); });
}

int Sweeper::next_top() const {
    // Derived from the clock, so that whichever node sweeps next goes on with the next folder.
    base::Milliseconds every = std::max<base::Milliseconds>(1, services_.config.files.sweep_every.count());
    return static_cast<int>(base::now_ms() / every % blobs::Store::kTopFolders);
}

}  // namespace bodega::app
