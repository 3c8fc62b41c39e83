// The shared directory: uploads under way and immutable files named by id, on local disk or NFS/EFS.
//
//   <shared>/incoming/<id>        an upload under way, on the same file system
//   <shared>/blobs/ab/cd/<id>     immutable once there; ab/cd are the first hex digits of the id's random part
//
// The publish protocol, of which the caller does the last step:
//   create_incoming → write → seal (fsync, close) → publish (rename, fsync the folder) → commit the catalog's row
// A crash at any step leaves a file without a row, for the sweeper; never a row without its bytes.
//
// On NFS a call that failed may have happened, since the answer can be lost and the call sent twice. Names are
// unique ids, so each such failure is settled by looking again. Not so a call that was given up (ETIMEDOUT, see
// PatientFiles): it may happen at any later time, so nothing is done in its place and the caller hears of it.
//
// Thread-safe: a Store holds no state but its folders, and which of those may be lost still. Errors: Error{no_space}
// and Error{io} for the disk's, Error{unavailable} for a call that was not answered.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/ulid.h"
#include "blobs/file_ops.h"
#include "blobs/folder_names.h"
#include "blobs/incoming.h"
#include "blobs/probe.h"
#include "blobs/reader.h"

namespace bodega::blobs {

// A file as a listing finds it.
struct FileInfo {
    base::Ulid id;
    std::int64_t size = 0;
    base::Milliseconds changed_at = 0;  // the later of its last write and rename, on the file system's clock
};

class Store {
public:
    // Makes the folders if missing. Throws Error{config_invalid} if that can't be or `shared` is read-only; to root too
    // if what it makes there would be another account's than the folder is.
    // `files` must outlive the Store and the threads of its probe.
    explicit Store(std::string shared, FileOps& files = FileOps::kernel());

    // One that is only read, and may be on a file system that can't be written to: a backup. Makes and checks nothing.
    static Store read_only(std::string shared, FileOps& files = FileOps::kernel()) {
        return {std::move(shared), files, Unchecked{}};
    }

    const std::string& root() const noexcept { return root_; }
    FileOps& files() const noexcept { return *files_; }

    // "ab/cd/<id>", relative to <shared>/blobs.
    static std::string relative_path(const base::Ulid& id);

    // A new empty file, readable by the owner and the group alone. Requires: an id that was just made.
    Incoming create_incoming(const base::Ulid& id) const;

    // The same, and its name is on the disk when it returns: for an upload that is acknowledged by parts.
    Incoming create_durable_incoming(const base::Ulid& id) const;

    // Goes on with an upload whose first `received` bytes were synced; what is beyond them is cut off. Finds it
    // too where a publish that was not committed has put it. Throws Error{gone} if the bytes are not there.
    Incoming resume_incoming(const base::Ulid& id, std::int64_t received) const;

    // Copies the first `size` bytes of an upload's file to another of incoming, whose name is on the disk then. The
    // first `synced` bytes are known to be there from an earlier call; whatever else the file has is written again.
    // Goes on as long as `goes_on` says so, which is asked every few MiB. How many bytes are there and synced at its
    // end. Throws Error{gone} if they are not there.
    std::int64_t copy_incoming(const base::Ulid& from, const base::Ulid& to, std::int64_t size, std::int64_t synced,
                               const std::function<bool()>& goes_on) const;
    static constexpr std::int64_t kCopyStep = std::int64_t{32} << 20;

    // Moves a sealed file of `size` bytes to its place among the blobs, durably. Harmless twice.
    void publish(const base::Ulid& id, std::int64_t size) const;

    // Throws Error{not_found} if there is none.
    Reader open(const base::Ulid& id) const;

    // The file's size, or -1 if there is none.
    std::int64_t size_of(const base::Ulid& id) const;

    // The same of one in incoming.
    std::int64_t incoming_size(const base::Ulid& id) const;

    // True if there was one. Harmless twice.
    bool remove_incoming(const base::Ulid& id) const;
    bool remove_blob(const base::Ulid& id) const;

    // Every file of incoming, or of the top folder 0..255 of blobs, in no order; `visit` may remove it. A name
    // that is not an id is passed to `strange` as a path relative to the shared directory, if given.
    using Visit = std::function<void(const FileInfo&)>;
    using Strange = std::function<void(const std::string&)>;
    void list_incoming(const Visit& visit, const Strange& strange = nullptr) const;
    void list_blobs(int top, const Visit& visit, const Strange& strange = nullptr) const;
    static constexpr int kTopFolders = 256;

    // The time on the file system's own clock, to measure the age of files with.
    base::Milliseconds file_clock() const;

    // Whether the directory answers within `deadline`; never hangs longer.
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
    void make_blob_folders(const base::Ulid& id) const;
    void make_folder(const std::string& path) const;
    void sync_name(const std::string& path) const;
    void sync_folder(const std::string& path) const;
    std::int64_t file_size(const std::string& path) const;
    bool is_there(const std::string& path, std::int64_t size) const;
    bool remove(const std::string& path) const;
    void move(const std::string& from, const std::string& to, std::int64_t size, const base::Ulid& id) const;

    std::string root_;
    FileOps* files_;
    Probe probe_;
    const std::unique_ptr<FolderNames> unsynced_;
};

}  // namespace bodega::blobs
