#include "cli/local_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "base/error.h"
#include "base/random.h"
#include "base/visible_text.h"

namespace bodega::cli {
namespace {

using base::Code;

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr mode_t kFileMode = 0666, kFolderMode = 0777;  // before the umask is applied

[[noreturn]] void fail(const std::string& doing, const std::string& path, int error, Code otherwise = Code::io) {
    throw base::system_error(doing + " " + path, error, otherwise);
}

base::Milliseconds milliseconds(const timespec& time) {
    return static_cast<base::Milliseconds>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

LocalFolder::Item item_of(const std::string& name, const struct stat& status) {
    using Kind = LocalFolder::Kind;
    Kind kind = S_ISREG(status.st_mode)   ? Kind::file
                : S_ISDIR(status.st_mode) ? Kind::folder
                : S_ISLNK(status.st_mode) ? Kind::symlink
                                          : Kind::other;
    return {name, kind, status.st_size, milliseconds(status.st_mtim), status.st_ino};
}

}  // namespace

LocalFolder LocalFolder::open(const std::string& path, bool make) {
    std::error_code error;
    if (make) std::filesystem::create_directories(path, error);
    base::Fd fd(::open(path.c_str(), kFolder));
    if (!fd) fail("open the folder", path, errno, Code::config_invalid);
    return {std::move(fd), base::visible_name(path)};
}

std::string LocalFolder::path_of(const std::string& name) const { return path_ + "/" + base::visible_name(name); }

LocalFolder LocalFolder::enter(const std::string& name) const {
    base::Fd fd(::openat(fd_.get(), name.c_str(), kFolder | O_NOFOLLOW));
    if (!fd) fail("open the folder", path_of(name), errno);
    return {std::move(fd), path_of(name)};
}

LocalFolder LocalFolder::make(const std::string& name) const {
    if (::mkdirat(fd_.get(), name.c_str(), kFolderMode) != 0 && errno != EEXIST) {
        fail("make the folder", path_of(name), errno);
    }
    return enter(name);
}

std::vector<std::string> LocalFolder::names() const {
    base::Fd again(::openat(fd_.get(), ".", kFolder));
    if (!again) fail("read the folder", path_, errno);
    std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(again.get()), ::closedir);
    if (!stream) fail("read the folder", path_, errno);
    again.release();
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(stream.get());
        if (!entry && errno != 0) fail("read the folder", path_, errno);
        if (!entry) break;
        std::string name = entry->d_name;
        if (name != "." && name != "..") names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<LocalFolder::Item> LocalFolder::list() const {
    std::vector<Item> items;
    for (const std::string& name : names())
        if (auto item = find(name)) items.push_back(std::move(*item));
    return items;
}

std::optional<LocalFolder::Item> LocalFolder::find(const std::string& name) const {
    struct stat status {};
    if (::fstatat(fd_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return item_of(name, status);
    if (errno == ENOENT) return std::nullopt;
    fail("read the status of", path_of(name), errno);
}

base::Fd LocalFolder::open_file(const std::string& name) const {
    // O_NONBLOCK: does not wait for a writer if the file became a pipe after it was listed.
    base::Fd fd(::openat(fd_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!fd) fail("open", path_of(name), errno);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) fail("read the status of", path_of(name), errno);
    if (!S_ISREG(status.st_mode)) throw base::Error(Code::io, path_of(name) + " is no longer a regular file");
    return fd;
}

bool LocalFolder::Version::operator==(const Version& other) const noexcept {
    const auto same = [](const timespec& a, const timespec& b) {
        return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
    };
    return size == other.size && same(modified, other.modified) && same(changed, other.changed);
}

base::Milliseconds LocalFolder::Version::modified_at() const noexcept { return milliseconds(modified); }

LocalFolder::Version LocalFolder::version_of(const base::Fd& file, const std::string& name) const {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail("read the status of", path_of(name), errno);
    return {status.st_size, status.st_mtim, status.st_ctim};
}

std::size_t LocalFolder::read(const base::Fd& file, std::span<std::uint8_t> into, const std::string& name) const {
    for (;;) {
        ssize_t got = ::read(file.get(), into.data(), into.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) fail("read", path_of(name), errno);
    }
}

NewLocalFile::NewLocalFile(const LocalFolder& folder, const std::string& name)
    : folder_(folder),
      name_(name),
      temporary_(".bodega-" + base::random_secret(9)),
      fd_(::openat(folder.fd(), temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode)) {
    if (!fd_) fail("make", errno);
}

NewLocalFile::~NewLocalFile() {
    if (!committed_) ::unlinkat(folder_.fd(), temporary_.c_str(), 0);
}

void NewLocalFile::fail(const char* doing, int error) const {
    throw base::system_error(std::string(doing) + " " + folder_.path_of(name_), error, Code::io);
}

void NewLocalFile::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        ssize_t done = ::write(fd_.get(), bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("write", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
}

// Gives the file its name without replacing another file. Returns 0 or the errno. If the file system supports neither
// RENAME_NOREPLACE nor hard links, reserves the name with an empty file.
int NewLocalFile::claim() const {
    const int folder = folder_.fd();
    const char *from = temporary_.c_str(), *to = name_.c_str();
    if (::renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (::linkat(folder, from, folder, to, 0) == 0) return ::unlinkat(folder, from, 0) == 0 ? 0 : errno;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return errno;
    const base::Fd claimed(::openat(folder, to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
    return claimed ? take() : errno;
}

int NewLocalFile::take() const {
    return ::renameat(folder_.fd(), temporary_.c_str(), folder_.fd(), name_.c_str()) == 0 ? 0 : errno;
}

void NewLocalFile::commit(base::Milliseconds modified_at, Over over) {
    // Milliseconds within the second; never negative, even before 1970.
    const base::Milliseconds rest = (modified_at % 1000 + 1000) % 1000;
    timespec when{(modified_at - rest) / 1000, rest * 1'000'000};
    timespec times[2] = {when, when};
    if (::futimens(fd_.get(), times) != 0) fail("date", errno);
    // Syncs the file before it gets its name, so that a crash leaves no empty file under the name.
    if (::fdatasync(fd_.get()) != 0) fail("write", errno);
    if (int error = fd_.close_checked()) fail("write", error);
    const int error = over == Over::nothing ? claim() : take();
    if (error == EEXIST) throw base::Error(Code::name_taken, folder_.path_of(name_) + " exists by now; run this again");
    if (error != 0) fail("name", error);
    committed_ = true;
}

}  // namespace bodega::cli
