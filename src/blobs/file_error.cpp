#include "blobs/file_error.h"

#include <limits.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

#include "base/clock.h"
#include "base/denied.h"
#include "base/log.h"

namespace bodega::blobs {
namespace {

constexpr int kRetryAfter = 5;

// Logs at most one line per second, because many calls fail at once if the shared directory does not respond.
void log_call(std::string_view doing, const std::string& path, int error_number) {
    static std::atomic<base::Milliseconds> last = 0;
    const base::Milliseconds now = base::now_ms();
    base::Milliseconds before = last;
    if (now - before < 1000 || !last.compare_exchange_strong(before, now)) return;
    base::log::warn("blobs", "a call to the shared folder failed",
                    {{"call", doing}, {"path", path}, {"error", std::generic_category().message(error_number)}});
}

}  // namespace

base::Error file_error(std::string_view doing, const std::string& path, int error_number) {
    if (error_number == ETIMEDOUT || error_number == EROFS) log_call(doing, path, error_number);
    if (error_number == ETIMEDOUT)
        return {base::Code::unavailable, "The shared directory does not answer. Try again in a moment.", kRetryAfter};
    if (error_number == EROFS)
        return {base::Code::unavailable,
                "Nothing is changed in the shared directory for now: it is read-only, or not this catalog's.",
                kRetryAfter};
    if (error_number == EACCES || error_number == EPERM)
        return {base::Code::io, "could not " + std::string(doing) + " " + path + ": " + base::denied_text(error_number),
                kRetryAfter};
    const base::Error plain = base::system_error(std::string(doing) + " " + path, error_number, base::Code::io);
    return {plain.code(), plain.what(), plain.code() == base::Code::io ? kRetryAfter : 0};
}

std::string open_file_name(int fd) {
    std::array<char, PATH_MAX> name{};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t size = ::readlink(link.c_str(), name.data(), name.size());
    return size > 0 ? std::string(name.data(), static_cast<std::size_t>(size)) : "a file without a name";
}

base::Error file_error(std::string_view doing, int fd, int error_number) {
    return file_error(doing, open_file_name(fd), error_number);
}

}  // namespace bodega::blobs
