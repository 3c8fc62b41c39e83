#include "blobs/file_error.h"

#include <cerrno>

namespace bodega::blobs {
namespace {

constexpr int kRetryAfter = 5;

}  // namespace

base::Error file_error(std::string_view doing, int error_number) {
    if (error_number == ETIMEDOUT)
        return {base::Code::unavailable, "The shared directory does not answer. Try again in a moment.", kRetryAfter};
    if (error_number == EROFS)
        return {base::Code::unavailable,
                "Nothing is changed in the shared directory for now: it is read-only, or not this catalog's.",
                kRetryAfter};
    const base::Error plain = base::system_error(doing, error_number, base::Code::io);
    return {plain.code(), plain.what(), plain.code() == base::Code::io ? kRetryAfter : 0};
}

}  // namespace bodega::blobs
