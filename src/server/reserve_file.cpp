#include "server/reserve_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/act_as_owner.h"
#include "base/fd.h"
#include "base/log.h"
#include "server/backend.h"

namespace bodega::server {
namespace {

// kSize: bytes of the file. The file has at most 1/kShare of the disk.
constexpr std::int64_t kSize = 8 << 20, kShare = 20;

std::string path_for(const config::Config& config) {
    const db::Source source = catalog_source(config);
    if (source.dialect != db::Dialect::sqlite || config.files.reserve == 0) return {};
    return source.path + "-reserve";
}

}  // namespace

ReserveFile::ReserveFile(const config::Config& config) : path_(path_for(config)) {}

void ReserveFile::check() {
    if (path_.empty()) return;
    const std::string folder = std::filesystem::path(path_).parent_path().string();
    struct statvfs disk {};
    if (::statvfs(folder.empty() ? "." : folder.c_str(), &disk) != 0) return;
    const auto free = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
    const auto all = static_cast<std::int64_t>(disk.f_blocks * disk.f_frsize);
    const std::int64_t size = std::min(kSize, all / kShare);
    if (free < size / 4) {
        if (::unlink(path_.c_str()) != 0) return;
        released_ = true;
        base::log::error("catalog",
                         "the catalog's disk is full: its reserve was released, so that people can sign in "
                         "and delete files; free some space",
                         {{"file", path_}});
    } else if (free >= 3 * size) {
        make(size);
        if (std::exchange(released_, false)) base::log::info("catalog", "the catalog's disk has room again");
    }
}

// Creates the file with all its blocks allocated. If the disk has too little space, creates nothing.
void ReserveFile::make(std::int64_t size) {
    struct stat found {};
    if (::lstat(path_.c_str(), &found) == 0) return;
    const std::string folder = std::filesystem::path(path_).parent_path().string();
    const base::ActAsOwner owner(folder.empty() ? "." : folder);
    const base::Fd fd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (fd && ::posix_fallocate(fd.get(), 0, size) != 0) ::unlink(path_.c_str());
}

}  // namespace bodega::server
