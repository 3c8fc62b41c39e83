#include "edge/files/small_files.h"

#include <functional>
#include <utility>

#include "base/clock.h"
#include "edge/files/page_cache.h"

namespace bodega::edge {
namespace {

constexpr std::size_t kOverhead = 512;  // estimated memory of a file in addition to its content, in bytes

std::size_t cost_of(const Blob& blob) noexcept { return blob.content->size() + blob.path.size() + kOverhead; }

}  // namespace

std::size_t SmallFiles::Hash::operator()(const Key& key) const noexcept {
    return std::hash<std::string_view>()(key.path) ^ std::hash<const void*>()(key.folder);
}

void SmallFiles::limit_to(std::size_t bytes) {
    limit_ = bytes;
    blobs_.shrink_to(limit_);
}

std::shared_ptr<const Blob> SmallFiles::find(const std::shared_ptr<const BlobFolder>& folder, const std::string& path) {
    const Key key{folder.get(), path};
    const std::shared_ptr<const Blob>* found = blobs_.find(key);
    if (!found) return nullptr;
    if (folder->names() == BlobFolder::Names::ids || folder->identify(path) == (*found)->file.identity) return *found;
    blobs_.drop(key);
    return nullptr;
}

bool SmallFiles::may_keep(const Blob& blob) const {
    if (blob.file.size == 0 || blob.file.size > kLargest || blob.file.size + blob.path.size() + kOverhead > limit_)
        return false;
    if (blob.folder->is_remote()) return false;  // reading a remote file may block the loop
    if (blob.folder->names() == BlobFolder::Names::ids) return true;
    return base::now_ms() * 1'000'000 - blob.file.identity.changed >= settled_;
}

std::shared_ptr<const Blob> SmallFiles::keep(std::shared_ptr<const Blob> blob) {
    if (!may_keep(*blob)) return blob;
    std::string content(blob->file.size, '\0');
    // The read is short if the page cache lacks a part of the file or if the file has become shorter.
    ssize_t n = read_cached(blob->file.fd.get(), content, 0);
    if (n < 0 || static_cast<std::size_t>(n) != content.size()) return blob;
    Blob kept{blob->folder, blob->path, {}, std::move(content)};
    kept.file.status = OpenFile::Status::ready;
    kept.file.size = blob->file.size;
    kept.file.identity = blob->file.identity;
    // Another request on this loop may have cached an older file of this name in the meantime.
    blobs_.drop(Key{blob->folder.get(), blob->path});
    const std::size_t cost = cost_of(kept);
    blobs_.shrink_to(limit_ - cost);
    auto shared = std::make_shared<const Blob>(std::move(kept));
    return blobs_.add(Key{shared->folder.get(), shared->path}, shared, cost);
}

}  // namespace bodega::edge
