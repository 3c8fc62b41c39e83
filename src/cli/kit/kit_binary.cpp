#include "cli/kit/kit_binary.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <span>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/fd.h"
#include "blobs/digest.h"

namespace bodega::cli {
namespace {

constexpr const char* kSelf = "/proc/self/exe";

}  // namespace

std::string binary_path() {
    std::string path(PATH_MAX, '\0');
    ssize_t length = ::readlink(kSelf, path.data(), path.size());
    if (length < 0) throw base::system_error("find out this binary's path", errno);
    path.resize(static_cast<std::size_t>(length));
    return path;
}

std::string binary_sha256() {
    base::Fd file(::open(kSelf, O_RDONLY | O_CLOEXEC));
    if (!file) throw base::system_error("open this binary", errno);
    blobs::Digest digest;
    std::vector<std::uint8_t> block(1 << 18);
    for (;;) {
        ssize_t got = ::read(file.get(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw base::system_error("read this binary", errno);
        if (got == 0) return base::hex(digest.value());
        digest.update(std::span(block).first(static_cast<std::size_t>(got)));
    }
}

}  // namespace bodega::cli
