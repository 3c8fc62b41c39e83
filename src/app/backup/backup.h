// Takes a backup while the catalog is served: writes a snapshot of the catalog, copies every blob that it names, then
// gives the snapshot its name. Blobs that the folder has already are not copied again. The process can be killed at any
// moment: copied blobs stay for the next run, and no snapshot exists without its blobs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/backup/snapshot.h"
#include "app/gc/gc_pin.h"
#include "app/services.h"
#include "blobs/backup_folder.h"
#include "blobs/copy.h"

namespace bodega::app {

// The progress of a backup or a restore. The callback is called by one thread at a time.
struct BackupWork {
    bool files = false;  // false: the catalog's rows; true: the blobs
    std::int64_t rows = 0, all_rows = 0;
    std::int64_t copied = 0, kept = 0;  // blobs
    std::int64_t verified = 0;          // blobs that were there already and were read to their end
    std::int64_t bytes = 0, all_bytes = 0;
};
using BackupProgress = std::function<void(const BackupWork&)>;

class Backup {
public:
    struct Options {
        bool catalog_only = false;
        int threads = 4;         // threads that copy
        int verify_percent = 0;  // percent of the blobs that are there already, other ones in each backup; 100: all
    };
    struct Report {
        std::string snapshot;
        BackupWork done;
        std::vector<std::string> problems;  // blobs that are missing or damaged, at most kMostProblems
        std::vector<std::string> replaced;  // blobs that were damaged in the folder and were copied again, at most
                                            // kMostProblems
        bool is_complete() const noexcept { return problems.empty(); }
    };
    static constexpr std::size_t kMostProblems = 100;

    Backup(const Services& services, blobs::BackupFolder& to, Options options, BackupProgress progress);

    // Takes the backup. If the report is not complete, no snapshot was made.
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
    void add_bytes(std::int64_t bytes);
    void add_blob(bool copied);

    const Services& services_;
    blobs::BackupFolder& to_;
    const Options options_;
    const BackupProgress progress_;
    const std::uint16_t first_;     // the first step of the blobs that are verified, in the folder's order
    const std::uint32_t verified_;  // the number of steps of that order that are verified, of 65,536
    std::optional<GcPin> pin_;

    std::mutex mutex_;
    Report report_;               // protected by mutex_ while blobs are copied
    std::exception_ptr failure_;  // protected by mutex_; an error that ends the backup, such as a full disk
    std::atomic<bool> stop_ = false;
};

// Reads a blob's id, size and SHA-256 from a row of the table blobs.
blobs::Wanted wanted_of(const db::Table& table, const store::Row& row);

}  // namespace bodega::app
