#include "blobs/copy.h"

#include <vector>

#include "base/error.h"

namespace bodega::blobs {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kBlock = std::size_t{1} << 20;

// A blob that the disk can't read counts as damaged, like a blob with wrong bytes.
[[noreturn]] void refuse_damaged(const Error& error) {
    if (error.code() != Code::io) throw error;
    throw Error(Code::checksum_mismatch, std::string("it can't be read: ") + error.what());
}

Reader opened(const Store& store, const base::Ulid& id) {
    try {
        return store.open(id);
    } catch (const Error& error) {
        refuse_damaged(error);
    }
}

std::size_t read_block(Reader& reader, std::span<std::uint8_t> block, std::int64_t at) {
    try {
        return reader.read_at(block, at);
    } catch (const Error& error) {
        refuse_damaged(error);
    }
}

// Passes each block of the blob to `take`. Returns the digest of the blob.
template <class Take>
Sha256 read_all(Reader reader, const Copied& done, Take take) {
    Digest digest;
    std::vector<std::uint8_t> block(kBlock);
    for (std::int64_t at = 0;;) {
        const std::size_t got = read_block(reader, block, at);
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
    try {
        return read_all(opened(store, blob.id), done, [](auto) {}) == blob.sha256;
    } catch (const Error& error) {
        if (error.code() != Code::checksum_mismatch && error.code() != Code::not_found) throw;
        return false;
    }
}

void copy_blob(const Store& from, const Store& to, const Wanted& blob, const Copied& done) {
    Reader reader = opened(from, blob.id);
    to.remove_incoming(blob.id);  // an earlier copy that was killed may have left this file
    Incoming out = to.create_incoming(blob.id);
    const Sha256 found = read_all(std::move(reader), done, [&](auto bytes) { out.write(bytes); });
    if (found != blob.sha256 || out.size() != blob.size) {
        to.remove_incoming(blob.id);
        throw Error(Code::checksum_mismatch, "its bytes are not those of its sha256");
    }
    out.seal();
    to.publish(blob.id, blob.size);
}

}  // namespace bodega::blobs
