#include "blobs/backup_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/denied.h"
#include "base/encoding.h"
#include "base/error.h"
#include "blobs/file_error.h"
#include "blobs/handle.h"
#include "blobs/incoming.h"

namespace bodega::blobs {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Error;
using Writer = BackupFolder::Writer;

constexpr std::string_view kEnding = ".catalog";
constexpr std::string_view kPartEnding = ".catalog.part";
constexpr mode_t kFileMode = 0600, kFolderMode = 0750;
// In a folder without a mark, at most this many snapshots are checked, the newest ones.
constexpr std::size_t kMaxChecked = 3;

// A folder that has only these names counts as empty. File systems and desktops create the first four by themselves;
// the last is the draft of a mark whose writer ended early.
constexpr std::array<std::string_view, 5> kIgnoredNames{"lost+found", ".snapshot", ".zfs", ".DS_Store",
                                                        ".bodega-backup.json"};

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        names.push_back(at->path().filename().string());
    if (error && error != std::errc::no_such_file_or_directory)
        throw Error(Code::config_invalid, "can't list " + folder + ": " + base::denied_text(error.value()));
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> snapshots_in(const std::string& path) {
    std::vector<std::string> names = names_in(path + "/snapshots");
    std::erase_if(names, [](const std::string& n) { return !n.ends_with(kEnding) || n.starts_with("."); });
    return names;
}

// Ignores snapshots/.lock: a backup that was killed before it marked the folder leaves this file.
bool is_empty(const std::string& path) {
    for (const std::string& name : names_in(path)) {
        if (name == "snapshots") {
            for (const std::string& inner : names_in(path + "/snapshots"))
                if (inner != ".lock") return false;
        } else if (std::ranges::find(kIgnoredNames, name) == kIgnoredNames.end()) {
            return false;
        }
    }
    return true;
}

bool is_there(const std::string& path) {
    std::error_code error;
    return fs::exists(path, error);
}

bool made_any(const Writer& writer, const std::string& path) {
    const std::vector<std::string> names = snapshots_in(path);
    if (!writer.made) return false;
    for (std::size_t i = 0; i < std::min(names.size(), kMaxChecked); ++i)
        if (writer.made(path + "/snapshots/" + names[names.size() - 1 - i])) return true;
    return false;
}

[[noreturn]] void refuse(const std::string& why) { throw Error(Code::config_invalid, why); }

// Returns the folder's mark, or the mark to write into an unmarked folder. Throws if the folder is not usable. Changes
// nothing on the disk.
BackupMark mark_for(const std::string& path, const Writer& writer, FileOps& files) {
    if (is_there(path + "/bodega.json") || is_there(path + "/generation"))
        refuse(path + " is a catalog's shared folder: choose another folder for backups");
    if (auto mark = BackupMark::read(files, path)) {
        if (mark->catalog == writer.catalog) return *mark;
        if (!writer.adopts)
            refuse("the folder " + path + " has the backups of another catalog (" + mark->catalog.text() +
                   "): choose another folder. If that catalog was restored as this one or is no longer used, add "
                   "--adopt: its "
                   "snapshots are this catalog's from then on, also for --keep");
        std::erase(mark->former, writer.catalog);
        mark->former.push_back(mark->catalog);
        mark->catalog = writer.catalog;
        return *mark;
    }
    if (is_empty(path)) return {writer.catalog, {}};
    if (!is_there(path + "/snapshots"))
        refuse("the folder " + path + " is not empty and has no backups: choose a new or an empty folder");
    if (writer.adopts || made_any(writer, path)) return {writer.catalog, {}};
    refuse("the folder " + path +
           " does not say whose backups it has: choose a new or an empty folder. If its backups are this "
           "catalog's, add "
           "--adopt");
}

const std::string& checked(const std::string& path, const Writer& writer, FileOps& files) {
    mark_for(path, writer, files);
    return path;
}

const std::string& readable(const std::string& path) {
    if (is_there(path + "/snapshots")) return path;
    throw Error(Code::config_invalid, path + " is no folder of backups: it has no snapshots/");
}

base::Fd locked(const std::string& path, FileOps& files) {
    std::error_code error;
    const std::string folder = path + "/snapshots", file = folder + "/.lock";
    fs::create_directories(path, error);
    if (!error && files.make_folder(folder.c_str(), kFolderMode) != 0 && errno != EEXIST)
        error = std::error_code(errno, std::generic_category());
    if (error)
        throw Error(Code::config_invalid,
                    "can't create the folder " + folder + ": " + base::denied_text(error.value()));
    base::Fd fd(files.open(file.c_str(), O_RDWR | O_CREAT, kFileMode));
    if (!fd) throw base::system_error("make " + file, errno, Code::config_invalid);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
    if (errno == EWOULDBLOCK) throw Error(Code::conflict, "another process writes a backup to " + path);
    throw base::system_error("lock " + file, errno, Code::io);
}

// Returns the folder's mark, and writes it first if needed. Reads the mark again, because another process may have
// written it before this one got the folder's lock. Requires: the caller holds that lock.
BackupMark marked(const std::string& path, const Writer& writer, FileOps& files) {
    BackupMark mark = mark_for(path, writer, files);
    const auto there = BackupMark::read(files, path);
    if (!there || there->catalog != mark.catalog) mark.write(files, path);
    return mark;
}

}  // namespace

BackupFolder::BackupFolder(const std::string& path, FileOps& files)
    : path_(readable(path)), blobs_(Store::read_only(path, files)) {}

BackupFolder::BackupFolder(const std::string& path, const Writer& writer, FileOps& files)
    : path_(checked(path, writer, files)),
      lock_(locked(path, files)),
      mark_(marked(path, writer, files)),
      blobs_(path, files) {
    remove_parts();
}

void BackupFolder::remove_parts() {
    std::vector<base::Ulid> torn;
    blobs_.list_incoming([&](const FileInfo& file) { torn.push_back(file.id); });
    for (const base::Ulid& id : torn) blobs_.remove_incoming(id);
    for (const std::string& name : names_in(path_ + "/snapshots"))
        if (name.ends_with(kPartEnding)) remove(name);
}

std::vector<std::string> BackupFolder::snapshots() const { return snapshots_in(path_); }

std::string BackupFolder::path_of(const std::string& snapshot) const { return path_ + "/snapshots/" + snapshot; }

void BackupFolder::remove(const std::string& snapshot) {
    if (blobs_.files().unlink(path_of(snapshot).c_str()) == 0 || errno == ENOENT) return;
    throw base::system_error("remove " + path_of(snapshot), errno, Code::io);
}

std::string BackupFolder::new_snapshot(base::Milliseconds now) const {
    for (;; ++now) {
        std::string name = base::rfc3339(now);
        std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
        name.append(kEnding);
        if (!is_there(path_of(name))) return name;
    }
}

std::uint16_t BackupFolder::verified() const {
    const Handle fd(blobs_.files(), blobs_.files().open(path_of(".verified").c_str(), O_RDONLY, 0));
    std::array<std::uint8_t, 2> next{};
    // If the file is missing or incomplete, the verification starts again at the first blob.
    if (!fd || blobs_.files().read_at(fd.get(), next.data(), next.size(), 0) != ssize_t{next.size()}) return 0;
    return static_cast<std::uint16_t>(next[0] << 8 | next[1]);
}

void BackupFolder::set_verified(std::uint16_t next) {
    const std::string path = path_of(".verified");
    Handle fd(blobs_.files(), blobs_.files().open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, kFileMode));
    if (!fd) throw base::system_error("write " + path, errno, Code::io);
    Incoming file(blobs_.files(), std::move(fd), 0);
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(next >> 8),
                                            static_cast<std::uint8_t>(next & 0xFF)};
    file.write(bytes);
    file.seal();
}

}  // namespace bodega::blobs
