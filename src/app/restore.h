// Brings a backup into an empty catalog and a shared directory: the blobs first, each checked by its sha256, then the
// rows, compared by counts and digests. Until all is there nothing serves it; killed at any moment, it goes on when it
// is run again. One thread but for the copying.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/backup.h"
#include "app/transfer.h"

namespace bodega::app {

class Restore {
public:
    struct Options {
        bool catalog_only = false;  // the shared directory has the blobs already
    };
    struct Report {
        BackupWork done;
        std::vector<TableSum> sums;
    };

    // target: the schema is made as it was when the snapshot was taken; bringing it up afterwards is the caller's.
    // Throws what SnapshotReader does.
    Restore(blobs::BackupFolder& from, const std::string& snapshot, const db::Source& target, db::Pool& catalog,
            blobs::Store& blobs, Options options, BackupProgress progress);

    // Throws Error{conflict} if the catalog is not empty, Error{checksum_mismatch} for a blob that is damaged in the
    // backup, Error{not_found} for one that is missing.
    Report run();

private:
    bool brings_blobs() const { return !options_.catalog_only && snapshot_.head().has_blobs; }
    void prepare();
    void survey();
    void bring_blobs();
    void bring_blob(const blobs::Wanted& blob);
    void require_blobs();
    void bring_rows();
    void append(const db::Table& table, std::vector<store::Row>& rows);
    void add_bytes(std::int64_t bytes);

    blobs::BackupFolder& from_;
    SnapshotReader snapshot_;
    const db::Source& target_;
    blobs::Store& blobs_;
    const Options options_;
    const BackupProgress progress_;
    Transfer transfer_;
    Report report_;
};

}  // namespace bodega::app
