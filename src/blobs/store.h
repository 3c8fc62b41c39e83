// The shared directory: open uploads, and immutable files named by id, on a local disk or NFS/EFS.
//
//   <shared>/incoming/<id>        an open upload, on the same file system
//   <shared>/blobs/<part>/<id>    immutable; the part is the first byte of the id's random bits, in hex. A node makes
//                                 all 256 parts when it starts (make_parts()).
//
// The publish protocol, whose last step is the caller's:
//   create_blob     → write → seal (fsync, close) → publish_in_place (fsync the folder)  → commit the catalog's row
//   create_incoming → write → seal (fsync, close) → publish (rename, fsync the folder)   → commit the catalog's row
// A small body that comes in one request is written under its final name. All other bodies are written in incoming: an
// upload in parts may get another writer, and a crash may leave a large body behind. The garbage collector checks every
// file of incoming each time it runs, but only one part of blobs. A crash at any step leaves a file without a row,
// which the garbage collector removes, and never a row without its bytes.
//
// On NFS a failed call may have taken effect, because the answer can be lost and the call sent twice. Names are unique
// ids, so the store checks whether the file has the expected state, and repeats the call if not. A call that timed out
// (ETIMEDOUT, see TimedFileOps) is never repeated, because it may take effect at any later time. Its caller gets the
// error.
//
// Thread-safe. Errors: Error{no_space} and Error{io} of the disk, Error{unavailable} for a call that timed out.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/ulid.h"
#include "blobs/file_ops.h"
#include "blobs/incoming.h"
#include "blobs/probe.h"
#include "blobs/reader.h"

namespace bodega::blobs {

// A file that a listing found.
struct FileInfo {
    base::Ulid id;
    std::int64_t size = 0;
    base::Milliseconds changed_at = 0;  // time of the last write or rename, by the file system's clock
};

class Store {
public:
    // Creates the folders if they are missing. Throws Error{config_invalid} if that fails or if `shared` is read-only.
    // If the process runs as root, throws also if files made there would belong to another account than the folder.
    // `files` must outlive the Store and the threads of its probe.
    explicit Store(std::string shared, FileOps& files = FileOps::kernel());

    // A store for reading only, such as a backup. It may be on a read-only file system. Creates and checks nothing.
    static Store read_only(std::string shared, FileOps& files = FileOps::kernel()) {
        return {std::move(shared), files, Unchecked{}};
    }

    const std::string& root() const noexcept { return root_; }
    FileOps& files() const noexcept { return *files_; }

    // Returns the path of a blob relative to <shared>/blobs: "<part>/<id>".
    static std::string relative_path(const base::Ulid& id);
    static constexpr int kParts = 256;
    static std::string part_name(int part);  // returns the folder's name: "00" for 0, "ff" for 255

    // Makes the parts that are missing, and syncs the names of all parts. Called when a node starts, so that no upload
    // has to make and sync a folder. If it was not called, the first blob of a part makes the folder. Throws Error{io},
    // {no_space}.
    void make_parts() const;

    // Creates an empty blob that has no row yet. Requires: a new id. Only one writer ever writes to it.
    Incoming create_blob(const base::Ulid& id) const;

    // Syncs the folder of a sealed file that create_blob() created, so that the file's name is on the disk. Throws
    // Error{io} if the file is not there, or has not `size` bytes. May be called twice.
    void publish_in_place(const base::Ulid& id, std::int64_t size) const;

    // Creates an empty file that only the owner and the group can read. Requires: a new id.
    Incoming create_incoming(const base::Ulid& id) const;

    // Like create_incoming(), but the file's name is on the disk on return. Used for an upload that is acknowledged in
    // parts.
    Incoming create_durable_incoming(const base::Ulid& id) const;

    // Continues an upload whose first `received` bytes were synced; cuts off the bytes after them. If a publish moved
    // the file to blobs and was not committed, moves it back. Throws Error{gone} if the bytes are missing.
    Incoming resume_incoming(const base::Ulid& id, std::int64_t received) const;

    // Copies the first `size` bytes of an upload's file to another file of incoming. On return, the name of that file
    // is on the disk. `synced` is the number of bytes that earlier calls have copied and synced; only the bytes after
    // these are copied. Calls `goes_on` every kCopyStep bytes, and stops if `goes_on` returns false. Returns the number
    // of bytes that are copied and synced at the end. Throws Error{gone} if the source's bytes are missing.
    std::int64_t copy_incoming(const base::Ulid& from, const base::Ulid& to, std::int64_t size, std::int64_t synced,
                               const std::function<bool()>& goes_on) const;
    static constexpr std::int64_t kCopyStep = std::int64_t{32} << 20;

    // Moves a sealed file of `size` bytes to its place among the blobs, durably. May be called twice.
    void publish(const base::Ulid& id, std::int64_t size) const;

    // Throws Error{not_found} if the blob is missing.
    Reader open(const base::Ulid& id) const;

    // Returns the file's size in bytes, or -1 if it is missing.
    std::int64_t size_of(const base::Ulid& id) const;

    // Like size_of(), for a file of incoming.
    std::int64_t incoming_size(const base::Ulid& id) const;

    // Return whether the file existed. May be called twice.
    bool remove_incoming(const base::Ulid& id) const;
    bool remove_blob(const base::Ulid& id) const;

    // Lists every file of incoming, or of a part of blobs (0 to kParts - 1), in no particular order. `visit` may remove
    // the file. `strange`, if given, is called for each file whose name is not an id, with its path relative to the
    // shared directory.
    using Visit = std::function<void(const FileInfo&)>;
    using Strange = std::function<void(const std::string&)>;
    void list_incoming(const Visit& visit, const Strange& strange = nullptr) const;
    void list_blobs(int part, const Visit& visit, const Strange& strange = nullptr) const;

    // The file system's own time, to compute the age of files.
    base::Milliseconds file_clock() const;

    // Whether the directory responds within `deadline`; never blocks longer.
    bool answers(std::chrono::milliseconds deadline) const { return probe_.answers(deadline); }

private:
    struct Unchecked {};
    Store(std::string shared, FileOps& files, Unchecked);

    void require_own_files() const;
    std::string incoming_path(const base::Ulid& id) const;
    std::string blob_path(const base::Ulid& id) const;
    Handle open_for_writing(const std::string& path) const;
    Handle open_source(const base::Ulid& id, std::int64_t size) const;
    Incoming begin_copy(const base::Ulid& to, std::int64_t synced) const;
    // A missing part of the blobs is made. Any other missing folder is an error: the shared directory may not be
    // mounted.
    enum class OnMissing : std::uint8_t { fail, make_part };
    Incoming create(const std::string& path, OnMissing missing) const;
    void make_part(const std::string& part) const;
    void make_folder(const std::string& path) const;
    void sync_part(const base::Ulid& id) const;
    void sync_folder(const std::string& path) const;
    std::int64_t file_size(const std::string& path) const;
    bool is_there(const std::string& path, std::int64_t size) const;
    bool remove(const std::string& path) const;
    void move(const std::string& from, const std::string& to, std::int64_t size, OnMissing missing) const;

    std::string root_;
    FileOps* files_;
    Probe probe_;
    struct Parts {
        base::Mutex making;                 // held while parts are made and their names are synced
        std::atomic<bool> unsynced{false};  // true: the name of a part may not be on the disk yet
    };
    const std::unique_ptr<Parts> parts_;
};

}  // namespace bodega::blobs
