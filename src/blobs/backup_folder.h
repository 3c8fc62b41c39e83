// A folder of backups: the blobs of all backups, each stored once in the layout of a shared directory, and a sealed
// file for each snapshot of the catalog.
//
//   <folder>/bodega-backup.json                      the catalog that it belongs to (blobs/backup_mark.h)
//   <folder>/blobs/<part>/<id>                       as in blobs/store.h
//   <folder>/snapshots/20261126T012233.456Z.catalog  written after all its blobs
//   <folder>/snapshots/.verified                     where the next verification begins
//
// An empty folder gets the mark. A folder with content but without a mark is accepted only if its content includes
// snapshots. So a live shared folder, or a folder with other files, is refused and left unchanged.
//
// Errors: Error{config_invalid} for a folder that is not usable or belongs to another catalog, Error{io}.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"
#include "blobs/backup_mark.h"
#include "blobs/store.h"

namespace bodega::blobs {

class BackupFolder {
public:
    // The catalog that writes backups to the folder.
    struct Writer {
        base::Ulid catalog;
        // true: may take over a folder of another catalog, or one with snapshots but without a mark
        bool adopts = false;
        // Returns whether this catalog made the snapshot at the given path. Called only for a folder without a mark. An
        // empty function means that this catalog made no snapshot.
        std::function<bool(const std::string&)> made = nullptr;
    };

    // For reading only. Throws Error{config_invalid} if the folder has no snapshots/.
    explicit BackupFolder(const std::string& path, FileOps& files = FileOps::kernel());

    // Creates the folder if it is missing, marks it if it is empty, and locks it for this object. Throws
    // Error{conflict} while another process writes to it. A folder that is refused is not changed. Removes partial
    // files of runs that were killed.
    BackupFolder(const std::string& path, const Writer& writer, FileOps& files = FileOps::kernel());

    Store& blobs() noexcept { return blobs_; }

    // Returns the names of complete snapshots, oldest first.
    std::vector<std::string> snapshots() const;
    // Requires: a name from snapshots() or new_snapshot().
    std::string path_of(const std::string& snapshot) const;
    // Returns an unused name.
    std::string new_snapshot(base::Milliseconds now) const;
    void remove(const std::string& snapshot);

    // Returns the id of the catalog that writes the backups. This function and the next three require an object that
    // was constructed with a Writer.
    const base::Ulid& catalog() const noexcept { return mark_.catalog; }
    // Whether a snapshot of `catalog` belongs to the writer. A snapshot from an earlier version of bodega does not name
    // its catalog (std::nullopt). It counts as the writer's, because it is in the writer's folder.
    bool owns(const std::optional<base::Ulid>& catalog) const { return !catalog || mark_.names(*catalog); }

    // Each backup verifies some of the older blobs, and the next backup continues with the blobs after them. The blobs
    // are ordered by a 16-bit number, two bytes of the blob's id. Returns the number at which the next backup starts to
    // verify.
    std::uint16_t verified() const;
    void set_verified(std::uint16_t next);

private:
    void remove_parts();

    const std::string path_;
    base::Fd lock_;
    BackupMark mark_;
    Store blobs_;
};

}  // namespace bodega::blobs
