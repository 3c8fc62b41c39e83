#include "blobs/folder_access.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

#include "base/act_as_owner.h"
#include "blobs/handle.h"
#include "blobs/store.h"

namespace bodega::blobs {
namespace {

constexpr mode_t kMode = 0640;

bool is_lasting(int error) { return error == EACCES || error == EPERM || error == EROFS; }

class AccessCheck {
public:
    AccessCheck(FileOps& files, std::string root) : files_(files), root_(std::move(root)) {}

    // Each function returns true if the access is denied (EACCES, EPERM, EROFS). Other errors do not count.
    bool open(const std::string& name, int flags) {
        const std::string path = root_ + name;
        const Handle fd(files_, files_.open(path.c_str(), flags, 0));
        return !fd && denied("read", path);
    }

    bool write(const std::string& folder) {
        // Creates a file without a name, which no other process sees. NFS does not support that.
        const Handle unnamed(files_, files_.open((root_ + folder).c_str(), O_TMPFILE | O_WRONLY, kMode));
        if (unnamed) return false;
        if (is_lasting(errno)) return denied("make files in", root_ + folder);
        const std::string path = root_ + folder + "/.probe-" + base::Ulid::make().text();
        const Handle fd(files_, files_.open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, kMode));
        if (!fd) return denied("make files in", root_ + folder);
        return files_.unlink(path.c_str()) != 0 && denied("remove files in", root_ + folder);
    }

    bool read_any(const std::vector<base::Ulid>& newest) {
        bool unread = false;
        for (const base::Ulid& id : newest) {
            const std::string path = root_ + "/blobs/" + Store::relative_path(id);
            const Handle fd(files_, files_.open(path.c_str(), O_RDONLY, 0));
            if (fd) return false;
            unread = denied("read", path) || unread;
        }
        return unread;
    }

    const std::string& found() const noexcept { return found_; }

private:
    bool denied(const std::string& doing, const std::string& path) {
        const int error = errno;
        if (!is_lasting(error)) return false;
        if (found_.empty()) found_ = "can't " + doing + " " + path + ": " + std::generic_category().message(error);
        return true;
    }

    FileOps& files_;
    const std::string root_;
    std::string found_;
};

std::string folder_of(const base::Ulid& id) {
    const std::string path = "/blobs/" + Store::relative_path(id);
    return path.substr(0, path.rfind('/'));
}

}  // namespace

std::optional<std::string> find_obstacle(FileOps& files, const std::string& root,
                                         const std::vector<base::Ulid>& newest) {
    constexpr int kFolder = O_RDONLY | O_DIRECTORY;
    AccessCheck check(files, root);
    const bool found = check.open("", kFolder) || check.open("/bodega.json", O_RDONLY) ||
                       check.open("/blobs", kFolder) || check.write("/incoming") || check.write("/generation") ||
                       (!newest.empty() && check.write(folder_of(newest.front()))) || check.read_any(newest);
    return found ? std::optional(check.found()) : std::nullopt;
}

ForeignFolders find_foreign(FileOps& files, const std::string& root) {
    ForeignFolders out;
    struct stat owner {};
    if (files.status((root + "/incoming").c_str(), owner) != 0) return out;
    const auto examine = [&](const std::string& path) {
        struct stat found {};
        if (files.status(path.c_str(), found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid == owner.st_uid) return;
        const mode_t needed = found.st_gid == owner.st_gid ? S_IWGRP : S_IWOTH;
        if ((found.st_mode & needed) != 0 || ++out.count > 1) return;
        out.first = path + " belongs to " + base::account_name(found.st_uid) + ", and incoming/ to " +
                    base::account_name(owner.st_uid);
    };
    examine(root + "/blobs");
    examine(root + "/generation");
    std::vector<std::string> tops;
    files.list((root + "/blobs").c_str(), tops);
    const std::string blobs = root + "/blobs/";
    for (const std::string& top : tops) examine(std::string(blobs).append(top));
    return out;
}

}  // namespace bodega::blobs
