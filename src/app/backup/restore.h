// Restores a backup into an empty catalog and a shared directory. First the blobs are copied, each checked by its
// SHA-256. Then the rows are copied and compared by counts and digests. No node serves the catalog until the restore is
// complete. If a restore was killed, another run continues it. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/backup/backup.h"
#include "app/backup/lost_files.h"
#include "app/backup/transfer.h"
#include "blobs/free_space.h"

namespace bodega::app {

class Restore {
public:
    struct Options {
        bool catalog_only = false;  // true if the shared directory already has the blobs, so that only rows are copied
        bool accept_loss = false;   // true to complete the restore even if blobs are missing or damaged
        std::int64_t reserve =
            0;  // free bytes that have to remain on the shared directory's disk, see blobs::FreeSpace
    };
    struct Report {
        BackupWork done;
        std::vector<TableSum> sums;
        std::int64_t lost_blobs = 0;
        std::vector<std::string> lost_files;  // as LostFiles::names returns them
        bool has_ended = false;               // true if the restore is complete, so that nodes may serve the catalog
    };

    // shared: the path of the shared directory; run() creates it if it does not exist. target: the pool of the target
    // catalog; only run() uses its connections. Throws what SnapshotReader throws.
    Restore(blobs::BackupFolder& from, const std::string& snapshot, db::Pool& target, std::string shared,
            Options options, BackupProgress progress);

    // Checks that the restore can begin or continue. Changes nothing. Throws Error{conflict} if the catalog is not
    // empty, Error{config_invalid} if the database belongs to another program, Error{not_found} if the restore copies
    // no blobs and the shared directory lacks some of them, Error{no_space} if the copied blobs would not leave the
    // reserve free.
    void check();

    // Calls check(), then restores everything. If blobs are lost and accept_loss is false, it restores everything else
    // but does not complete. A later run can continue after the operator has put the blobs back, or can complete with
    // accept_loss.
    Report run();

private:
    bool copies_blobs() const { return !options_.catalog_only && snapshot_.head().has_blobs; }
    void survey();
    void require_blobs();
    void require_free_space();
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
    std::optional<blobs::Store> blobs_;           // set by run()
    std::optional<blobs::FreeSpace> free_space_;  // set by run()
    LostFiles lost_;
    Report report_;
};

}  // namespace bodega::app
