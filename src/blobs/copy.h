// Copies a blob from one store to another, and verifies its SHA-256 and size before the copy gets its name.
#pragma once

#include <cstdint>
#include <functional>

#include "blobs/digest.h"
#include "blobs/store.h"

namespace bodega::blobs {

struct Wanted {
    base::Ulid id;
    std::int64_t size = 0;
    Sha256 sha256{};
};

using Copied = std::function<void(std::int64_t bytes)>;

// Reads the whole blob, and reports the bytes of each block to `done`. Returns false if the blob is missing, can't be
// read from the disk, or has another size or SHA-256 than `blob` says.
bool is_whole(const Store& store, const Wanted& blob, const Copied& done);

// Hashes the bytes while it copies them. If their size and SHA-256 match `blob`, gives the copy its final name,
// durably. Throws Error{not_found} if `from` has no such blob, Error{checksum_mismatch} if it is damaged or unreadable
// there. Replaces an existing blob in `to`. Several threads may copy at the same time, each a different blob.
void copy_blob(const Store& from, const Store& to, const Wanted& blob, const Copied& done);

}  // namespace bodega::blobs
