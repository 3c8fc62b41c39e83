// Reads the bytes of one blob at any offset.
//
// Created by Store::open. Used by one thread at a time; the Store must outlive it. After ESTALE (the NFS server forgot
// the handle) it opens the file once more. If ESTALE occurs again, it throws Error{io}.
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

    // Fills `into` with the bytes from `offset` on. Returns the number of bytes, which is less than the size of `into`
    // only at the end of the file.
    std::size_t read_at(std::span<std::uint8_t> into, std::int64_t offset);

private:
    const Store* store_;
    base::Ulid id_;
    Handle fd_;
    std::int64_t size_ = 0;
};

}  // namespace bodega::blobs
