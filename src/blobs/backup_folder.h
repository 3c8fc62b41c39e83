// A folder of backups: the blobs of all of them, each once, in the same form as a shared directory's, and a sealed file
// for each snapshot of the catalog.
//
//   <folder>/blobs/ab/cd/<id>                       as in blobs/store.h
//   <folder>/snapshots/20261126T012233.456Z.catalog  is there only when every blob that it names is
//
// Errors: Error{config_invalid} for a folder that is none, Error{io}.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"
#include "blobs/store.h"

namespace bodega::blobs {

class BackupFolder {
public:
    // make: the folder is made if missing, and is this object's alone: Error{conflict} while another process has it.
    enum class Use : std::uint8_t { make, read };
    BackupFolder(const std::string& path, Use use, FileOps& files = FileOps::kernel());

    Store& blobs() noexcept { return blobs_; }

    // Names of what is whole, oldest first.
    std::vector<std::string> snapshots() const;
    // Requires: a name of snapshots(), or one that new_snapshot() made.
    std::string path_of(const std::string& snapshot) const;
    static std::string new_snapshot(base::Milliseconds now);
    void remove(const std::string& snapshot);

private:
    const std::string path_;
    base::Fd lock_;
    Store blobs_;
};

}  // namespace bodega::blobs
