// The bytes of one blob, read at any offset.
//
// Made by Store::open. One thread at a time; the Store must outlive it. ESTALE (the NFS server forgot the
// handle) is mended by opening once more; what stays is Error{io}.
#pragma once

#include <cstdint>
#include <span>

#include "base/ulid.h"
#include "blobs/handle.h"

namespace bodega::blobs {

class Store;

class Reader {
public:
    Reader(const Store& store, const base::Ulid& id, Handle fd, std::int64_t size) noexcept;

    std::int64_t size() const noexcept { return size_; }

    // Fills `into` from `offset` on and returns how many bytes: fewer only at the end of the file.
    std::size_t read_at(std::span<std::uint8_t> into, std::int64_t offset);

private:
    const Store* store_;
    base::Ulid id_;
    Handle fd_;
    std::int64_t size_ = 0;
};

}  // namespace bodega::blobs
