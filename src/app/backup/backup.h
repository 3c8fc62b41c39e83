// Takes a backup while nodes serve the catalog: writes a snapshot of the catalog, copies every blob that the snapshot
// names, then gives the snapshot its name. Blobs that the folder already has are not copied again. The process can be
// killed at any moment: copied blobs stay for the next run, and a snapshot never exists without its blobs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/backup/snapshot.h"
#include "app/gc/gc_pin.h"
#include "app/services.h"
#include "base/mutex.h"
#include "blobs/backup_folder.h"
#include "blobs/copy.h"

namespace bodega::app {

// The progress of a backup or a restore. Only one thread at a time calls the callback.
struct BackupWork {
    bool files = false;  // false while rows are written, true while blobs are copied
    std::int64_t rows = 0, all_rows = 0;
    std::int64_t copied = 0, kept = 0;  // numbers of blobs; kept: already there
    std::int64_t verified = 0;          // blobs that were already there and were read completely
    std::int64_t bytes = 0, all_bytes = 0;
};
using BackupProgress = std::function<void(const BackupWork&)>;

class Backup {
public:
    struct Options {
        bool catalog_only = false;
        int threads = 4;  // number of threads that copy blobs
        // The percentage of the already copied blobs that are verified. Each backup verifies another part of them. 100
        // means all.
        int verify_percent = 0;
    };
    struct Report {
        std::string snapshot;
        BackupWork done;
        std::vector<std::string> problems;  // blobs that are missing or damaged, at most kMaxProblems
        // blobs that were damaged in the folder and were copied again, at most kMaxProblems
        std::vector<std::string> replaced;
        bool is_complete() const noexcept { return problems.empty(); }
    };
    static constexpr std::size_t kMaxProblems = 100;

    Backup(const Services& services, blobs::BackupFolder& to, Options options, BackupProgress progress);

    // Takes the backup. If blobs are missing or damaged (Report::is_complete()), makes no snapshot.
    Report run();

private:
    void write_snapshot(blobs::SealedFileWriter& file);
    void write_table(db::Connection& connection, const db::Table& table, SnapshotWriter& out);
    void copy_blobs(SnapshotReader& snapshot);
    void copy_batch(const std::vector<blobs::Wanted>& batch);
    void copy(const blobs::Wanted& blob);
    bool is_due(const base::Ulid& blob) const noexcept;
    bool verify(const blobs::Wanted& blob);
    void add_problem(const blobs::Wanted& blob, const std::string& what);
    void add_replaced(const blobs::Wanted& blob);
    void add_rows(std::size_t rows, std::int64_t blob_bytes);
    void add_bytes(std::int64_t bytes);
    void add_blob(bool copied);

    const Services& services_;
    blobs::BackupFolder& to_;
    const Options options_;
    const BackupProgress progress_;
    // Blobs are divided by id into 65,536 groups. This backup verifies `verified_` consecutive groups, beginning with
    // group first_.
    const std::uint16_t first_;
    const std::uint32_t verified_;
    std::optional<GcPin> pin_;

    base::Mutex mutex_;
    Report report_ GUARDED_BY(mutex_);
    std::exception_ptr failure_ GUARDED_BY(mutex_);  // an error that ends the backup, such as a full disk
    std::atomic<bool> stop_ = false;
};

// Reads a blob's id, size and SHA-256 from a row of the table blobs.
blobs::Wanted wanted_of(const db::Table& table, const store::Row& row);

}  // namespace bodega::app
