// Copies a blob from one folder to another, and believes neither.
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

// Reads the blob to its end. False: it is not there, is another, or the disk can't read it.
bool is_whole(const Store& store, const Wanted& blob, const Copied& done);

// The bytes are hashed on their way, and the file gets its name, durably, when they are the right ones. Throws
// Error{not_found} if `from` has no such blob, Error{checksum_mismatch} if it is damaged or can't be read there. One
// that `to` has already is replaced. Several threads may copy at once, each another blob.
void copy_blob(const Store& from, const Store& to, const Wanted& blob, const Copied& done);

}  // namespace bodega::blobs
