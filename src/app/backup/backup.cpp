#include "app/backup/backup.h"

#include <algorithm>
#include <thread>

#include "app/backup/backup_tables.h"
#include "base/error.h"
#include "base/version.h"
#include "db/migrate.h"
#include "store/backup/table_rows.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kBatch = 256;
constexpr std::chrono::hours kSnapshotIdle{1};
constexpr std::uint32_t kSteps = 1U << 16;

}  // namespace

blobs::Wanted wanted_of(const db::Table& table, const store::Row& row) {
    blobs::Wanted blob;
    const auto id = base::Ulid::from_bytes(std::get<std::string>(store::value_of(row, table, "id")));
    const auto& digest = std::get<std::string>(store::value_of(row, table, "sha256"));
    if (!id || digest.size() != blob.sha256.size()) throw Error(Code::internal, "a blob's row is malformed");
    blob.id = *id;
    blob.size = std::get<std::int64_t>(store::value_of(row, table, "size"));
    std::ranges::copy(base::as_bytes(digest), blob.sha256.begin());
    return blob;
}

Backup::Backup(const Services& services, blobs::BackupFolder& to, Options options, BackupProgress progress)
    : services_(services),
      to_(to),
      options_(options),
      progress_(std::move(progress)),
      first_(to.verified()),
      verified_((kSteps * static_cast<std::uint32_t>(options.verify_percent) + 99) / 100) {}

Backup::Report Backup::run() {
    // Pins the blobs before the snapshot is taken. From here on no blob that the snapshot names is removed.
    pin_.emplace(services_.catalog);
    const base::Milliseconds now = services_.catalog.read([](db::Connection& c) { return c.now_ms(); });
    const std::string name = to_.new_snapshot(now);
    blobs::SealedFileWriter file(to_.blobs().files(), to_.path_of(name));
    write_snapshot(file);
    file.seal();
    if (!options_.catalog_only) {
        SnapshotReader snapshot(to_.blobs().files(), file.draft_path());
        copy_blobs(snapshot);
    }
    const base::MutexLock lock(mutex_);
    report_.snapshot = name;
    if (report_.is_complete()) {
        file.commit();
        if (!options_.catalog_only) to_.set_verified(static_cast<std::uint16_t>(first_ + verified_));
    }
    pin_.reset();
    return std::move(report_);
}

void Backup::write_snapshot(blobs::SealedFileWriter& file) {
    // Uses a separate connection with long idle timeouts. While the backup's folder is slow, the connection sends no
    // statement, and the database must not close it.
    db::Source source = services_.catalog.source();
    source.idle_timeout = source.idle_transaction_timeout = kSnapshotIdle;
    const auto connection = db::connect(source);
    connection->begin_snapshot();
    const int schema = db::schema_version(*connection);
    if (schema != db::newest_schema()) {
        throw Error(Code::config_invalid,
                    "the catalog's schema is of another version of bodega: take backups with the newest version");
    }
    const std::vector<db::Table> tables = backed_up_tables(schema);
    std::int64_t rows = 0;
    for (const db::Table& table : tables) {
        rows += store::TableReader(*connection, table, backed_up_rows(table)).count();
    }
    {
        const base::MutexLock lock(mutex_);
        report_.done.all_rows = rows;
    }
    SnapshotWriter out(
        file, {std::string(base::version()), schema, connection->now_ms(), !options_.catalog_only, to_.catalog()});
    for (const db::Table& table : tables) write_table(*connection, table, out);
}

void Backup::write_table(db::Connection& connection, const db::Table& table, SnapshotWriter& out) {
    store::TableReader reader(connection, table, backed_up_rows(table));
    TableSummer summer(table);
    std::optional<store::Row> last;
    std::string bytes;
    out.begin(table);
    for (;;) {
        const std::vector<store::Row> page = reader.page(last ? &*last : nullptr, kRowPage);
        if (page.empty()) break;
        std::int64_t blob_bytes = 0;
        for (const store::Row& row : page) {
            bytes.clear();
            store::append_bytes(bytes, row, table.columns);
            summer.add(bytes);
            out.add(bytes);
            if (table.name == "blobs") blob_bytes += wanted_of(table, row).size;
        }
        last = store::key_of(page.back(), table);
        add_rows(page.size(), blob_bytes);
        pin_->keep();
    }
    out.end(summer.sum());
}

void Backup::copy_blobs(SnapshotReader& snapshot) {
    {
        const base::MutexLock lock(mutex_);
        report_.done.files = true;
    }
    std::vector<blobs::Wanted> batch;
    SnapshotReader::Visitor visitor;
    visitor.row = [&](const db::Table& table, const store::Row& row) {
        if (table.name != "blobs") return;
        batch.push_back(wanted_of(table, row));
        if (batch.size() < kBatch) return;
        copy_batch(batch);
        batch.clear();
    };
    snapshot.visit(visitor);
    copy_batch(batch);
}

void Backup::copy_batch(const std::vector<blobs::Wanted>& batch) {
    std::atomic<std::size_t> next = 0;
    auto work = [&] {
        try {
            for (std::size_t i = next++; i < batch.size() && !stop_; i = next++) copy(batch[i]);
        } catch (...) {
            const base::MutexLock lock(mutex_);
            if (!stop_.exchange(true)) failure_ = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        for (int i = 1; i < options_.threads; ++i) others.emplace_back(work);
        work();
    }
    const base::MutexLock lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
}

void Backup::copy(const blobs::Wanted& blob) {
    // Does not copy a blob that the backup already has in the right size: it was complete and synced before it got its
    // name, and blobs never change. If the disk has damaged it since, the damage is detected when the blob's
    // verification is due.
    const std::int64_t there = to_.blobs().size_of(blob.id);
    if (there == blob.size && (is_due(blob.id) ? verify(blob) : (add_bytes(blob.size), true))) return add_blob(false);
    try {
        blobs::copy_blob(services_.blobs, to_.blobs(), blob, [this](std::int64_t bytes) { add_bytes(bytes); });
        add_blob(true);
        if (there >= 0) add_replaced(blob);
    } catch (const Error& error) {
        if (error.code() != Code::not_found && error.code() != Code::checksum_mismatch) throw;
        add_problem(blob, error.what());
    }
}

bool Backup::is_due(const base::Ulid& blob) const noexcept {
    const auto step = static_cast<std::uint16_t>(blob.bytes[6] << 8 | blob.bytes[7]);
    return static_cast<std::uint16_t>(step - first_) < verified_;
}

bool Backup::verify(const blobs::Wanted& blob) {
    std::int64_t read = 0;
    const bool whole = blobs::is_whole(to_.blobs(), blob, [&](std::int64_t bytes) {
        read += bytes;
        add_bytes(bytes);
    });
    if (!whole) add_bytes(-read);  // the copy that follows counts these bytes again
    const base::MutexLock lock(mutex_);
    ++report_.done.verified;
    return whole;
}

void Backup::add_replaced(const blobs::Wanted& blob) {
    const base::MutexLock lock(mutex_);
    if (report_.replaced.size() < kMaxProblems) report_.replaced.push_back("blob " + blob.id.text());
}

void Backup::add_problem(const blobs::Wanted& blob, const std::string& what) {
    const base::MutexLock lock(mutex_);
    if (report_.problems.size() < kMaxProblems) report_.problems.push_back("blob " + blob.id.text() + ": " + what);
}

void Backup::add_rows(std::size_t rows, std::int64_t blob_bytes) {
    const base::MutexLock lock(mutex_);
    report_.done.rows += static_cast<std::int64_t>(rows);
    report_.done.all_bytes += blob_bytes;
    progress_(report_.done);
}

void Backup::add_bytes(std::int64_t bytes) {
    pin_->keep();
    const base::MutexLock lock(mutex_);
    report_.done.bytes += bytes;
    progress_(report_.done);
}

void Backup::add_blob(bool copied) {
    const base::MutexLock lock(mutex_);
    ++(copied ? report_.done.copied : report_.done.kept);
    progress_(report_.done);
}

}  // namespace bodega::app
