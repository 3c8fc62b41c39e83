// A folder of backups: the blobs of all of them, each once, in the same form as a shared directory's, and a sealed file
// for each snapshot of the catalog.
//
//   <folder>/bodega-backup.json                      the catalog that it belongs to (blobs/backup_mark.h)
//   <folder>/blobs/ab/cd/<id>                        as in blobs/store.h
//   <folder>/snapshots/20261126T012233.456Z.catalog  is there only when every blob that it names is
//   <folder>/snapshots/.verified                     how far the verification in turns has come
//
// A folder is marked while it is empty. Without a mark only a folder of snapshots can become one, so that a live shared
// folder, or any other that holds something, is left as it is.
//
// Errors: Error{config_invalid} for a folder that can't be one or is another catalog's, Error{io}.
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
        bool adopts = false;  // takes over a folder of another catalog, or one without a mark that has snapshots
        // Whether the catalog made a snapshot, given by its path, of a folder that has no mark. Empty: it made none.
        std::function<bool(const std::string&)> made = nullptr;
    };

    // Only to read. Throws Error{config_invalid} if it has no snapshots/.
    explicit BackupFolder(const std::string& path, FileOps& files = FileOps::kernel());

    // The folder is made if missing, marked if empty, and this object's alone: Error{conflict} while another process
    // writes to it. Nothing is changed in a folder that is refused. Parts that killed runs left are removed.
    BackupFolder(const std::string& path, const Writer& writer, FileOps& files = FileOps::kernel());

    Store& blobs() noexcept { return blobs_; }

    // Names of what is whole, oldest first.
    std::vector<std::string> snapshots() const;
    // Requires: a name of snapshots(), or one that new_snapshot() made.
    std::string path_of(const std::string& snapshot) const;
    // A name that is not taken.
    std::string new_snapshot(base::Milliseconds now) const;
    void remove(const std::string& snapshot);

    // The catalog that writes. Requires: made for a Writer, as for the next three.
    const base::Ulid& catalog() const noexcept { return mark_.catalog; }
    // Whether a snapshot of that catalog is the writer's; std::nullopt: an earlier version took it, in this folder.
    bool owns(const std::optional<base::Ulid>& catalog) const { return !catalog || mark_.names(*catalog); }

    // Where the next verification in turns begins: blobs are in the order of two random bytes of their ids.
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
