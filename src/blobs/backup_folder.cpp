#include "blobs/backup_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace bodega::blobs {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kEnding = ".catalog";
constexpr mode_t kLockMode = 0600;

std::string prepared(const std::string& path, BackupFolder::Use use) {
    std::error_code error;
    const std::string snapshots = path + "/snapshots";
    if (use == BackupFolder::Use::make) std::filesystem::create_directories(snapshots, error);
    if (error) throw Error(Code::config_invalid, "the folder " + snapshots + " can't be made: " + error.message());
    if (std::filesystem::is_directory(snapshots, error)) return path;
    throw Error(Code::config_invalid, path + " is no folder of backups: it has no snapshots/");
}

base::Fd locked(const std::string& path, BackupFolder::Use use, FileOps& files) {
    if (use == BackupFolder::Use::read) return {};
    const std::string file = path + "/snapshots/.lock";
    base::Fd fd(files.open(file.c_str(), O_RDWR | O_CREAT, kLockMode));
    if (!fd) throw base::system_error("make " + file, errno, Code::config_invalid);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
    if (errno == EWOULDBLOCK) throw Error(Code::conflict, "another process writes a backup to " + path);
    throw base::system_error("lock " + file, errno, Code::io);
}

Store opened(const std::string& path, BackupFolder::Use use, FileOps& files) {
    return use == BackupFolder::Use::read ? Store::read_only(path, files) : Store(path, files);
}

}  // namespace

BackupFolder::BackupFolder(const std::string& path, Use use, FileOps& files)
    : path_(prepared(path, use)), lock_(locked(path_, use, files)), blobs_(opened(path_, use, files)) {
    if (use == Use::read) return;
    // Of attempts that were killed.
    std::vector<base::Ulid> torn;
    blobs_.list_incoming([&](const FileInfo& file) { torn.push_back(file.id); });
    for (const base::Ulid& id : torn) blobs_.remove_incoming(id);
}

std::vector<std::string> BackupFolder::snapshots() const {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator at(path_ + "/snapshots", error), end; !error && at != end;
         at.increment(error)) {
        std::string name = at->path().filename().string();
        if (name.ends_with(kEnding) && !name.starts_with(".")) names.push_back(std::move(name));
    }
    if (error) throw Error(Code::io, "could not list " + path_ + "/snapshots: " + error.message());
    std::sort(names.begin(), names.end());
    return names;
}

std::string BackupFolder::path_of(const std::string& snapshot) const { return path_ + "/snapshots/" + snapshot; }

void BackupFolder::remove(const std::string& snapshot) {
    if (blobs_.files().unlink(path_of(snapshot).c_str()) == 0 || errno == ENOENT) return;
    throw base::system_error("remove " + path_of(snapshot), errno, Code::io);
}

std::string BackupFolder::new_snapshot(base::Milliseconds now) {
    std::string name = base::rfc3339(now);
    std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
    return name.append(kEnding);
}

}  // namespace bodega::blobs
