#include "blobs/reader.h"

#include <cerrno>

#include "base/error.h"
#include "blobs/file_error.h"
#include "blobs/store.h"

namespace bodega::blobs {

Reader::Reader(const Store& store, const base::Ulid& id, Handle fd, std::int64_t size) noexcept
    : store_(&store), id_(id), fd_(std::move(fd)), size_(size) {}

std::size_t Reader::read_at(std::span<std::uint8_t> into, std::int64_t offset) {
    std::size_t done = 0;
    bool reopened = false;
    while (done < into.size()) {
        ssize_t n = store_->files().read_at(fd_.get(), into.data() + done, into.size() - done,
                                            offset + static_cast<std::int64_t>(done));
        if (n == 0) break;
        if (n > 0) {
            done += static_cast<std::size_t>(n);
        } else if (errno == ESTALE && !reopened) {
            *this = store_->open(id_);
            reopened = true;
        } else {
            throw file_error("read the file", fd_.get(), errno);
        }
    }
    return done;
}

}  // namespace bodega::blobs
