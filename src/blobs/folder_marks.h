// The marks by which a shared folder says whose it is:
//
//   <shared>/bodega.json           the id of the catalog that it belongs to
//   <shared>/generation/<id>       an empty file; its name is the folder's generation
//   <shared>/generation/contested  made by a node that finds its folder taken over: nobody changes anything
//
// The generation is replaced by renaming the file. A rename from a name that is gone fails, wherever and however late
// it is tried, so no writer that was suspended brings an older generation back.
//
// Thread-safe: without state. The FileOps outlives it. Errors: as of blobs/file_error.h.
#pragma once

#include <optional>
#include <string>

#include "base/ulid.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

class FolderMarks {
public:
    FolderMarks(FileOps& files, std::string shared) : files_(files), root_(std::move(shared)) {}

    // Whose folder it is; std::nullopt: nobody's. Throws Error{config_invalid} if bodega.json can't be understood.
    std::optional<base::Ulid> catalog_id() const;

    bool has_generation(const base::Ulid& generation) const;
    bool is_contested() const;

    // Marks a folder that has no generation yet, durably. Harmless twice, and where another generation is there.
    // Requires: the folder is there.
    void make(const base::Ulid& catalog_id, const base::Ulid& generation) const;

    // Replaces the generation, durably. False: it is neither `from` nor `to`.
    bool replace(const base::Ulid& from, const base::Ulid& to) const;

    void contest() const;

    // Removes the generation and the contest, for another make(). The marks' folder alone is touched.
    void clear() const;

    const std::string& root() const noexcept { return root_; }

private:
    std::string path_of(const base::Ulid& generation) const;
    bool is_there(const std::string& path) const;
    void make_file(const std::string& path, std::string_view bytes) const;
    void sync_folder(const std::string& path) const;
    void write_id(const base::Ulid& catalog_id) const;

    FileOps& files_;
    const std::string root_;
};

}  // namespace bodega::blobs
