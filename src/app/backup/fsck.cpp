#include "app/backup/fsck.h"

#include <algorithm>
#include <thread>

#include "app/fleet/folder_binding.h"
#include "app/gc/garbage_collector.h"
#include "app/tree/orphan.h"
#include "app/tree/refusal.h"
#include "app/tree/source.h"
#include "base/error.h"
#include "base/visible_text.h"
#include "blobs/digest.h"
#include "store/backup/integrity.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using Kind = Finding::Kind;

constexpr int kPage = 512;

std::string quoted(const std::string& name) { return "\"" + base::visible_name(name) + "\""; }

}  // namespace

std::string_view finding_name(Kind kind) noexcept {
    switch (kind) {
        case Kind::missing: return "missing";
        case Kind::damaged: return "damaged";
        case Kind::unreadable: return "unreadable";
        case Kind::dangling: return "dangling";
        case Kind::unreachable: return "unreachable";
        case Kind::orphan: return "orphan";
        case Kind::strange: return "strange";
        case Kind::drift: return "drift";
    }
    return "unknown";
}

Fsck::Fsck(const Services& services, Options options, Progress progress)
    : services_(services), options_(options), progress_(std::move(progress)) {}

FsckReport Fsck::run() {
    bytes_total_ = services_.catalog.read([](db::Connection& c) { return store::Integrity(c).extent().bytes; });
    check_rows();
    check_tree();
    check_blobs();
    if (!is_stopped()) check_files();
    const base::MutexLock lock(mutex_);
    std::stable_sort(report_.findings.begin(), report_.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.kind < b.kind; });
    return std::move(report_);
}

void Fsck::check_blobs() {
    base::Ulid after;
    while (!is_stopped()) {
        std::vector<store::BlobRow> page =
            services_.catalog.read([&](db::Connection& c) { return store::Blobs(c).page(after, kPage); });
        if (page.empty()) return;
        check_page(page);
        after = page.back().id;
    }
}

void Fsck::check_page(const std::vector<store::BlobRow>& page) {
    std::atomic<std::size_t> next = 0;
    auto work = [&] {
        for (std::size_t i = next++; i < page.size() && !is_stopped(); i = next++) check_blob(page[i]);
    };
    std::vector<std::jthread> others;
    for (int i = 1; i < options_.threads; ++i) others.emplace_back(work);
    work();
}

void Fsck::check_blob(const store::BlobRow& row) {
    std::optional<Finding> found;
    try {
        found = examine(row);
    } catch (const base::Error& e) {
        found = Finding{Kind::unreadable, describe(row.id) + ": " + e.what()};
    }
    // Reports the problem only if the blob still has a row: garbage collection may have removed the row and the file
    // while the file was checked.
    bool there = !found || services_.catalog.read([&](db::Connection& c) { return store::Blobs(c).exists(row.id); });
    if (found && there) add(std::move(*found));
    const base::MutexLock lock(mutex_);
    ++report_.blobs;
}

std::optional<Finding> Fsck::examine(const store::BlobRow& row) {
    std::int64_t size = services_.blobs.size_of(row.id);
    if (size < 0) return Finding{Kind::missing, describe(row.id) + ": its file is not in the shared directory"};
    if (size != row.size)
        return Finding{Kind::damaged, describe(row.id) + ": " + std::to_string(size) + " bytes instead of " +
                                          std::to_string(row.size)};
    if (options_.quick) {
        advance(size);
        return std::nullopt;
    }
    blobs::Reader reader = services_.blobs.open(row.id);
    blobs::Digest digest;
    std::vector<std::uint8_t> block(kBlock);
    for (std::int64_t at = 0; at < size && !is_stopped();) {
        std::size_t n = reader.read_at(block, at);
        if (n == 0) break;
        digest.update(std::span(block).first(n));
        at += static_cast<std::int64_t>(n);
        advance(static_cast<std::int64_t>(n));
    }
    if (is_stopped() || digest.value() == row.sha256) return std::nullopt;
    return Finding{Kind::damaged, describe(row.id) + ": its bytes are not those of its sha256"};
}

void Fsck::check_rows() {
    auto limit = static_cast<int>(FsckReport::kMaxFindings);
    auto dangling = services_.catalog.read([&](db::Connection& c) { return store::Integrity(c).dangling(limit); });
    for (const store::Dangling& d : dangling)
        add({Kind::dangling, quoted(d.name) + " (" + d.entry_id.text() + "), version " + std::to_string(d.version) +
                                 ": its blob has no row in the catalog"});
    auto drifts = services_.catalog.read([](db::Connection& c) { return store::Integrity(c).drifts(); });
    for (const store::Drift& d : drifts) {
        if (options_.repair)
            services_.catalog.transact([&](db::Connection& c) { store::Integrity(c).settle(d.space_id); });
        add({Kind::drift,
             "space " + quoted(d.name) + " (" + d.space_id.text() + "): charged for " + std::to_string(d.charged) +
                 " bytes, holds " + std::to_string(d.actual),
             options_.repair});
    }
}

void Fsck::check_tree() {
    auto limit = static_cast<int>(FsckReport::kMaxFindings);
    std::vector<store::Unreachable> found =
        services_.catalog.read([&](db::Connection& c) { return store::Integrity(c).orphans(limit); });
    base::Ulid after;
    for (bool more = true; more && !is_stopped();)
        services_.catalog.read([&](db::Connection& c) {
            base::Ulid at = after;  // the pool may run this function again after a failure
            std::vector<store::Unreachable> rings;
            more = store::Integrity(c).rings(at, kPage, rings);
            after = at;
            found.insert(found.end(), rings.begin(), rings.end());
        });
    for (const store::Unreachable& one : found)
        add({Kind::unreachable,
             quoted(one.name) + " (" + one.entry_id.text() + "): " +
                 (one.ring > 0 ? "a folder in a ring of " + std::to_string(one.ring) +
                                     "; move it by its id into a folder of its space"
                               : "its folder is gone; move it by its id into a folder of its space")});
}

void Fsck::check_files() {
    // Checks the folder's marks again: reading all bytes may have taken hours, and another catalog may have adopted the
    // folder meanwhile.
    FolderBinding(services_.catalog, services_.blobs.files(), services_.blobs.root()).require_ours();
    base::Milliseconds grace = std::max(services_.config.files.blob_grace, GarbageCollector::kLeastGrace).count();
    base::Milliseconds now = services_.blobs.file_clock();
    auto strange = [&](const std::string& path) { add({Kind::strange, path}); };
    for (int part = 0; part < blobs::Store::kParts && !is_stopped(); ++part)
        services_.blobs.list_blobs(
            part, [&](const blobs::FileInfo& file) { check_file(file.id, file.changed_at < now - grace, "blobs"); },
            strange);
    services_.blobs.list_incoming([](const blobs::FileInfo&) {}, strange);
}

void Fsck::check_file(const base::Ulid& id, bool old, const std::string& where) {
    // Does not report a young file without a row: a transaction may still insert its row.
    if (!old) return;
    if (services_.catalog.read([&](db::Connection& c) { return is_known(c, id); })) return;
    bool removed = false;
    if (options_.repair) discard("orphan", [&] { removed = remove_orphan(services_, id); });
    add({Kind::orphan, where + "/" + blobs::Store::relative_path(id) + ": no row names it", removed});
}

void Fsck::add(Finding finding) {
    const base::MutexLock lock(mutex_);
    if (report_.findings.size() < FsckReport::kMaxFindings) report_.findings.push_back(std::move(finding));
    else report_.more = true;
}

void Fsck::advance(std::int64_t bytes) {
    const base::MutexLock lock(mutex_);
    report_.bytes += bytes;
    if (progress_) progress_(report_.bytes, bytes_total_);
}

std::string Fsck::describe(const base::Ulid& blob_id) const {
    return services_.catalog.read([&](db::Connection& c) {
        auto entry_id = store::entry_of_blob(c, blob_id);
        auto entry = entry_id ? store::Entries(c).find(*entry_id) : std::nullopt;
        std::string blob = "blob " + blob_id.text();
        return entry ? quoted(entry->name) + " (" + entry->id.text() + "), " + blob : blob;
    });
}

}  // namespace bodega::app
