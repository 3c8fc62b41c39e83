// Restores a backup into an empty catalog and a shared directory: first the blobs, each checked by its SHA-256, then
// the rows, compared by counts and digests. No node serves the catalog until everything is there. A restore that was
// killed at any moment continues when it is run again. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/backup/backup.h"
#include "app/backup/lost_files.h"
#include "app/backup/transfer.h"
#include "blobs/room.h"

namespace bodega::app {

class Restore {
public:
    struct Options {
        bool catalog_only = false;  // the shared directory has the blobs already
        bool accept_loss = false;   // complete the restore although blobs are missing or damaged
        std::int64_t reserve = 0;   // bytes of the shared directory's disk that stay free, see blobs::Room
    };
    struct Report {
        BackupWork done;
        std::vector<TableSum> sums;
        std::int64_t lost_blobs = 0;
        std::vector<std::string> lost_files;  // see LostFiles::names
        bool has_ended = false;               // the restore is complete, and nodes may serve the catalog
    };

    // shared: the path of the shared directory; run() creates it if it is missing. target: the pool of the target
    // catalog; only run() uses its connections. Throws what SnapshotReader throws.
    Restore(blobs::BackupFolder& from, const std::string& snapshot, db::Pool& target, std::string shared,
            Options options, BackupProgress progress);

    // Checks that the restore can begin or continue. Changes nothing. Throws Error{conflict} if the catalog is not
    // empty, Error{config_invalid} if the database is another program's, Error{not_found} if the restore copies no
    // blobs and the shared directory lacks some, Error{no_space} if the blobs to copy would leave less than the
    // reserve.
    void check();

    // Calls check(), then restores everything. If blobs are lost and accept_loss is false, it restores everything else
    // but does not complete. Another run then continues with the blobs that were put back, or completes with
    // accept_loss.
    Report run();

private:
    bool copies_blobs() const { return !options_.catalog_only && snapshot_.head().has_blobs; }
    void survey();
    void require_blobs();
    void require_room();
    void restore_blobs();
    void restore_blob(const blobs::Wanted& blob);
    void restore_rows();
    void append(const db::Table& table, std::vector<store::Row>& rows);
    void add_bytes(std::int64_t bytes);
    void visit_blobs(const std::function<void(const blobs::Wanted&)>& visit);

    blobs::BackupFolder& from_;
    SnapshotReader snapshot_;
    db::Pool& target_;
    const std::string shared_;
    const Options options_;
    const BackupProgress progress_;
    Transfer transfer_;
    std::optional<blobs::Store> blobs_;  // set by run()
    std::optional<blobs::Room> room_;    // set by run()
    LostFiles lost_;
    Report report_;
};

}  // namespace bodega::app
