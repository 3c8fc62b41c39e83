// The marks by which a shared folder names its catalog:
//
//   <shared>/bodega.json           the id of the catalog that it belongs to, and the layout of its blobs
//   <shared>/generation/<id>       an empty file; its name is the folder's generation
//   <shared>/generation/contested  created by a node whose folder was taken over; stops changes by any node
//
// The generation is replaced by renaming the file. A rename from a missing name fails at any time and on any node, so a
// writer that was suspended can't bring an older generation back.
//
// Thread-safe: no state. The FileOps must outlive it. Errors: those of blobs/file_error.h.
#pragma once

#include <optional>
#include <string>

#include "base/ulid.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

class FolderMarks {
public:
    FolderMarks(FileOps& files, std::string shared) : files_(files), root_(std::move(shared)) {}

    // Returns the folder's catalog, or std::nullopt if the folder names none. Throws Error{config_invalid} if
    // bodega.json can't be parsed, or if the folder has another layout (blobs/layout.h).
    std::optional<base::Ulid> catalog_id() const;

    bool has_generation(const base::Ulid& generation) const;
    bool is_contested() const;

    // Marks a folder that has no generation yet, durably. Does nothing if it has one. Requires: the folder exists.
    void make(const base::Ulid& catalog_id, const base::Ulid& generation) const;

    // Replaces the generation `from` by `to`, durably. Does nothing if the folder already has `to`. Returns false if it
    // has neither of the two.
    bool replace(const base::Ulid& from, const base::Ulid& to) const;

    void contest() const;

    // Removes the generation and the contested mark, so that make() can run again. Changes only <shared>/generation.
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
