#include "blobs/same_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <system_error>

#include "base/fd.h"

namespace bodega::blobs {
namespace {

namespace fs = std::filesystem;

constexpr int kFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;
constexpr int kMaxParents = 4096;

struct Identity {
    dev_t device = 0;
    ino_t inode = 0;

    bool operator==(const Identity&) const = default;
};

std::optional<Identity> identity_of(int fd) {
    struct stat found {};
    if (fd < 0 || ::fstat(fd, &found) != 0) return std::nullopt;
    return Identity{found.st_dev, found.st_ino};
}

std::optional<Identity> identity_of(const std::string& path) {
    return identity_of(base::Fd(::open(path.c_str(), kFlags)).get());
}

base::Fd nearest(const std::string& path) {
    std::error_code error;
    for (fs::path at = fs::absolute(path, error).lexically_normal();; at = at.parent_path()) {
        base::Fd fd(::open(at.c_str(), kFlags));
        if (fd || at == at.parent_path()) return fd;
    }
}

}  // namespace

bool is_same(const std::string& path, const std::string& folder) {
    const auto identity = identity_of(folder);
    return identity && identity == identity_of(path);
}

bool is_within(const std::string& path, const std::string& folder) {
    const auto wanted = identity_of(folder);
    if (!wanted) return false;
    base::Fd fd = nearest(path);
    for (int i = 0; fd && i < kMaxParents; ++i) {
        const auto here = identity_of(fd.get());
        if (here == wanted) return true;
        fd = base::Fd(::openat(fd.get(), "..", kFlags));
        // Only the root directory is its own parent, so no parent is left to compare.
        if (identity_of(fd.get()) == here) return false;
    }
    return false;
}

}  // namespace bodega::blobs
