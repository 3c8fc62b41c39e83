#include "blobs/copy.h"

#include <vector>

#include "base/error.h"

namespace bodega::blobs {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

// Gives each block of the blob to `take`; the digest of all.
template <class Take>
Sha256 read_all(Reader reader, const Copied& done, Take take) {
    Digest digest;
    std::vector<std::uint8_t> block(kBlock);
    for (std::int64_t at = 0;;) {
        const std::size_t got = reader.read_at(block, at);
        if (got == 0) return digest.value();
        const std::span<const std::uint8_t> bytes = std::span(block).first(got);
        digest.update(bytes);
        take(bytes);
        at += static_cast<std::int64_t>(got);
        done(static_cast<std::int64_t>(got));
    }
}

}  // namespace

bool is_whole(const Store& store, const Wanted& blob, const Copied& done) {
    if (store.size_of(blob.id) != blob.size) return false;
    return read_all(store.open(blob.id), done, [](auto) {}) == blob.sha256;
}

void copy_blob(const Store& from, const Store& to, const Wanted& blob, const Copied& done) {
    Reader reader = from.open(blob.id);
    to.remove_incoming(blob.id);  // of an attempt that was killed
    Incoming out = to.create_incoming(blob.id);
    const Sha256 found = read_all(std::move(reader), done, [&](auto bytes) { out.write(bytes); });
    if (found != blob.sha256 || out.size() != blob.size) {
        to.remove_incoming(blob.id);
        throw base::Error(base::Code::checksum_mismatch, "its bytes are not those of its sha256");
    }
    out.seal();
    to.publish(blob.id, blob.size);
}

}  // namespace bodega::blobs
