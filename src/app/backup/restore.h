// Brings a backup into an empty catalog and a shared directory: the blobs first, each checked by its sha256, then the
// rows, compared by counts and digests. Until all is there nothing serves it; killed at any moment, it continues when
// it is run again. One thread but for the copying.
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
        bool accept_loss = false;   // end it though blobs are missing or damaged
        std::int64_t reserve = 0;   // of the shared directory's disk, as of blobs::Room
    };
    struct Report {
        BackupWork done;
        std::vector<TableSum> sums;
        std::int64_t lost_blobs = 0;
        std::vector<std::string> lost_files;  // as of LostFiles::names
        bool has_ended = false;               // the catalog is open to everybody
    };

    // shared: the shared directory, made by run() if missing. The pool is of `target` and is used by run() only. Throws
    // what SnapshotReader does.
    Restore(blobs::BackupFolder& from, const std::string& snapshot, db::Pool& target, std::string shared,
            Options options, BackupProgress progress);

    // Whether it can begin or continue; changes nothing anywhere. Throws Error{conflict} if the catalog is not empty,
    // Error{config_invalid} if the database is another program's, Error{not_found} if it brings no blobs and the shared
    // directory lacks some, Error{no_space} if the blobs that it brings would leave less than the reserve.
    void check();

    // check(), then all of it. Without accept_loss one that lacks blobs brings all else and does not end: run again, it
    // continues with what was put back, or ends with accept_loss.
    Report run();

private:
    bool brings_blobs() const { return !options_.catalog_only && snapshot_.head().has_blobs; }
    void survey();
    void require_blobs();
    void require_room();
    void bring_blobs();
    void bring_blob(const blobs::Wanted& blob);
    void bring_rows();
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
    std::optional<blobs::Store> blobs_;  // from run() on
    std::optional<blobs::Room> room_;    // as above
    LostFiles lost_;
    Report report_;
};

}  // namespace bodega::app
