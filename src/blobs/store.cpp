#include "blobs/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_set>

#include "base/act_as_owner.h"
#include "base/error.h"
#include "base/text.h"
#include "blobs/file_error.h"

namespace bodega::blobs {

using base::Code;
using base::Ulid;

namespace {

// The group may read, because NGINX as the edge sends the bytes under its own account.
constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;
constexpr int kTries = 3;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Returns true for an error after which the call is repeated, although it may have taken effect. ETIMEDOUT is not one
// of them, because the first call may still be running: it could take effect after the repeated call.
bool is_ambiguous(int error) noexcept { return error == ESTALE || error == EIO; }

bool folder_answers(FileOps& files, const std::string& path) {
    // Opening makes an NFS client ask its server; stat by path may answer from the client's cache.
    Handle fd(files, files.open(path.c_str(), O_RDONLY | O_DIRECTORY, 0));
    struct stat found {};
    return fd && files.status_of(fd.get(), found) == 0;
}

}  // namespace

Store::Store(std::string shared, FileOps& files, Unchecked)
    : root_(std::move(shared)),
      files_(&files),
      probe_([path = root_ + "/incoming", &files] { return folder_answers(files, path); }),
      parts_(std::make_unique<Parts>()) {}

Store::Store(std::string shared, FileOps& files) : Store(std::move(shared), files, Unchecked{}) {
    for (const char* name : {"", "/blobs", "/incoming"}) {
        std::string path = root_ + name;
        if (files_->make_folder(path.c_str(), kFolderMode) != 0 && errno != EEXIST)
            throw base::system_error("make the shared directory's folder " + path, errno, Code::config_invalid);
        if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0)
            throw base::system_error("write in the shared directory's folder " + path, errno, Code::config_invalid);
    }
    if (base::is_root()) require_own_files();
}

// Throws if root can't create files that belong to the owner of incoming/, because the service could not read them. A
// file server may map root to nobody, and a container may forbid root to act as another account.
void Store::require_own_files() const {
    const std::string folder = root_ + "/incoming", path = folder + "/.owner-" + Ulid::make().text();
    struct stat wanted {
    }, made{};
    const Handle fd(*files_, files_->open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, kFileMode));
    if (!fd && errno != EACCES && errno != EPERM)
        return;  // other errors, such as a full disk, say nothing about the owner
    if (!fd) throw base::system_error("make " + path, errno, Code::config_invalid);
    const bool known = files_->status_of(fd.get(), made) == 0 && files_->status(folder.c_str(), wanted) == 0;
    files_->unlink(path.c_str());
    if (!known || made.st_uid == wanted.st_uid) return;
    throw base::Error(Code::config_invalid, "files that this process makes in " + folder + " belong to " +
                                                base::account_name(made.st_uid) + ", and the folder to " +
                                                base::account_name(wanted.st_uid) + ": run this as that user");
}

std::string Store::part_name(int part) {
    const auto byte = static_cast<unsigned>(part);
    return {base::hex_digit(byte >> 4), base::hex_digit(byte)};
}

std::string Store::relative_path(const Ulid& id) {
    // Bytes 0 to 5 of an id are a time, so they are equal for many files. Byte 6 is random, so it spreads the files
    // over the parts.
    return part_name(id.bytes[6]) + "/" + id.text();
}

std::string Store::incoming_path(const Ulid& id) const { return root_ + "/incoming/" + id.text(); }

std::string Store::blob_path(const Ulid& id) const { return root_ + "/blobs/" + relative_path(id); }

Incoming Store::create_incoming(const Ulid& id) const { return create(incoming_path(id), OnMissing::fail); }

Incoming Store::create_blob(const Ulid& id) const { return create(blob_path(id), OnMissing::make_part); }

Incoming Store::create(const std::string& path, OnMissing missing) const {
    for (int tries = 1;; ++tries) {
        Handle fd(*files_, files_->open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, kFileMode));
        if (fd) return Incoming(*files_, std::move(fd), 0);
        int error = errno;
        // The id is new, so an empty file with this name was created by the failed call, whose answer was lost.
        if (is_there(path, 0)) return Incoming(*files_, open_for_writing(path), 0);
        const bool makes_part = error == ENOENT && missing == OnMissing::make_part;
        if (tries == kTries || (!makes_part && !is_ambiguous(error))) throw file_error("create the file", path, error);
        if (makes_part) make_part(folder_of(path));
    }
}

Incoming Store::create_durable_incoming(const Ulid& id) const {
    Incoming out = create_incoming(id);
    sync_folder(root_ + "/incoming");
    return out;
}

Incoming Store::resume_incoming(const Ulid& id, std::int64_t received) const {
    std::string path = incoming_path(id);
    struct stat found {};
    if (files_->status(path.c_str(), found) != 0 && errno == ENOENT) {
        std::string published = blob_path(id);
        // An NFS client may not see the file yet. Opening the folder refreshes its view, so check again after that.
        folder_answers(*files_, folder_of(path));
        if (files_->status(path.c_str(), found) != 0 && files_->status(published.c_str(), found) == 0)
            move(published, path, found.st_size, OnMissing::fail);
    }
    Handle fd = open_for_writing(path);
    if (files_->status_of(fd.get(), found) != 0) throw file_error("read the status of the upload", path, errno);
    if (found.st_size < received)
        throw base::Error(Code::gone, "The upload's first bytes are gone from the shared directory. Start it again.");
    Incoming out(*files_, std::move(fd), found.st_size);
    if (found.st_size > received) out.truncate(received);
    return out;
}

std::int64_t Store::copy_incoming(const Ulid& from, const Ulid& to, std::int64_t size, std::int64_t synced,
                                  const std::function<bool()>& goes_on) const {
    Handle source = open_source(from, size);
    Incoming copy = begin_copy(to, synced);
    while (copy.size() < size && goes_on()) copy.append_from(source.get(), std::min(kCopyStep, size - copy.size()));
    std::int64_t there = copy.size();
    copy.seal();
    return there;
}

// Creates the file `to`, or opens it and cuts it to `synced` bytes. The bytes after these may not be on the disk, and a
// sync now would not show that: the kernel reports a failed write-back only once.
Incoming Store::begin_copy(const Ulid& to, std::int64_t synced) const {
    struct stat found {};
    if (files_->status(incoming_path(to).c_str(), found) != 0) {
        if (errno != ENOENT) throw file_error("read the status of the upload", incoming_path(to), errno);
        return create_durable_incoming(to);
    }
    Incoming out = resume_incoming(to, found.st_size < synced ? 0 : synced);
    sync_folder(root_ + "/incoming");  // the process that created the file may have died before it synced the name
    return out;
}

Handle Store::open_source(const Ulid& id, std::int64_t size) const {
    struct stat found {};
    for (const std::string& path : {incoming_path(id), blob_path(id)}) {
        folder_answers(*files_, folder_of(path));  // makes an NFS client ask its server for new files
        Handle fd(*files_, files_->open(path.c_str(), O_RDONLY, 0));
        if (!fd && errno != ENOENT) throw file_error("open the upload", path, errno);
        if (fd && files_->status_of(fd.get(), found) == 0 && found.st_size >= size) return fd;
    }
    throw base::Error(Code::gone, "The upload's first bytes are gone from the shared directory. Start it again.");
}

Handle Store::open_for_writing(const std::string& path) const {
    for (int tries = 1;; ++tries) {
        Handle fd(*files_, files_->open(path.c_str(), O_WRONLY, 0));
        if (fd) return fd;
        if (errno == ENOENT)
            throw base::Error(Code::gone, "The file is gone from the shared directory. Start the upload again.");
        if (!is_ambiguous(errno) || tries == kTries) throw file_error("open the file", path, errno);
    }
}

void Store::publish(const Ulid& id, std::int64_t size) const {
    move(incoming_path(id), blob_path(id), size, OnMissing::make_part);
    sync_part(id);
}

void Store::publish_in_place(const Ulid& id, std::int64_t size) const {
    const std::string path = blob_path(id);
    const std::int64_t found = file_size(path);
    if (found != size)
        throw base::Error(Code::io, "could not publish the file " + path + ": " +
                                        (found < 0 ? "another process has removed it"
                                                   : "it has " + std::to_string(found) + " bytes in place of " +
                                                         std::to_string(size)));
    sync_part(id);
}

void Store::move(const std::string& from, const std::string& to, std::int64_t size, OnMissing missing) const {
    for (int tries = 1;; ++tries) {
        int error = files_->rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
        if (error == ETIMEDOUT) throw file_error("publish the file", to, error);
        if (is_there(to, size)) return;
        if (error == 0)
            throw base::Error(Code::io, "could not publish the file " + to + ": it has another size on the disk");
        if (tries == kTries || (error != ENOENT && !is_ambiguous(error)))
            throw file_error("publish the file", to, error);
        // ENOENT: the part is missing, or an NFS client does not see the file yet. In both cases, the next try can
        // succeed.
        if (error == ENOENT && missing == OnMissing::make_part) make_part(folder_of(to));
    }
}

void Store::make_parts() const {
    const std::string blobs = root_ + "/blobs";
    std::vector<std::string> there;
    if (files_->list(blobs.c_str(), there) != 0) throw file_error("list the folder", blobs, errno);
    const std::unordered_set<std::string> found(there.begin(), there.end());
    const base::MutexLock lock(parts_->making);
    parts_->unsynced = true;
    for (int part = 0; part < kParts; ++part)
        if (!found.contains(part_name(part))) make_folder(blobs + "/" + part_name(part));
    // The names of older parts are synced too: the process that made them may have died before it synced them.
    sync_folder(blobs);
    parts_->unsynced = false;
}

void Store::make_part(const std::string& part) const {
    const base::MutexLock lock(parts_->making);
    parts_->unsynced = true;
    make_folder(part);
    sync_folder(root_ + "/blobs");
    parts_->unsynced = false;
}

void Store::make_folder(const std::string& path) const {
    if (files_->make_folder(path.c_str(), kFolderMode) != 0 && errno != EEXIST)
        throw file_error("make the folder", path, errno);
}

void Store::sync_part(const Ulid& id) const {
    if (parts_->unsynced) make_part(folder_of(blob_path(id)));
    sync_folder(folder_of(blob_path(id)));
}

void Store::sync_folder(const std::string& path) const {
    for (int tries = 1;; ++tries) {
        Handle fd(*files_, files_->open(path.c_str(), O_RDONLY | O_DIRECTORY, 0));
        if (fd && files_->sync_folder(fd.get()) == 0) return;
        if (errno != ESTALE || tries == kTries) throw file_error("sync the folder", path, errno);
    }
}

bool Store::is_there(const std::string& path, std::int64_t size) const {
    struct stat found {};
    int result = files_->status(path.c_str(), found);
    if (result != 0 && errno == ESTALE) result = files_->status(path.c_str(), found);
    if (result != 0 && errno == ETIMEDOUT) throw file_error("read the status of the file", path, errno);
    return result == 0 && S_ISREG(found.st_mode) && found.st_size == size;
}

Reader Store::open(const Ulid& id) const {
    std::string path = blob_path(id);
    for (int tries = 1;; ++tries) {
        Handle fd(*files_, files_->open(path.c_str(), O_RDONLY, 0));
        struct stat found {};
        if (fd && files_->status_of(fd.get(), found) == 0) return Reader(*this, id, std::move(fd), found.st_size);
        int error = errno;
        if (tries == kTries || (error != ENOENT && error != ESTALE)) {
            if (error == ENOENT)
                throw base::Error(Code::not_found, "The file's content is not in the shared directory.");
            throw file_error("open the file", path, error);
        }
        // An NFS client may not see another node's new file yet. Opening its folder makes the client ask the server
        // again.
        folder_answers(*files_, folder_of(path));
    }
}

std::int64_t Store::size_of(const Ulid& id) const { return file_size(blob_path(id)); }

std::int64_t Store::incoming_size(const Ulid& id) const { return file_size(incoming_path(id)); }

std::int64_t Store::file_size(const std::string& path) const {
    struct stat found {};
    for (int tries = 1;; ++tries) {
        if (files_->status(path.c_str(), found) == 0) return found.st_size;
        if (errno == ENOENT && tries == kTries) return -1;
        if ((errno != ENOENT && errno != ESTALE) || tries == kTries)
            throw file_error("read the status of the file", path, errno);
        folder_answers(*files_, folder_of(path));
    }
}

bool Store::remove_incoming(const Ulid& id) const { return remove(incoming_path(id)); }

bool Store::remove_blob(const Ulid& id) const { return remove(blob_path(id)); }

bool Store::remove(const std::string& path) const {
    for (int tries = 1;; ++tries) {
        if (files_->unlink(path.c_str()) == 0) return true;
        int error = errno;
        struct stat found {};
        if (error == ENOENT) return tries > 1;  // if it is missing after the first try, an earlier try has removed it
        if (files_->status(path.c_str(), found) != 0 && errno == ENOENT) return true;
        if (!is_ambiguous(error) || tries == kTries) throw file_error("remove the file", path, error);
    }
}

}  // namespace bodega::blobs
