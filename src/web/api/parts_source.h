// The body of an answer that is put together from parts of a file, and texts between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "blobs/store.h"
#include "http/range.h"

namespace bodega::web {

// Used by one thread at a time.
class PartsSource {
public:
    explicit PartsSource(blobs::Reader reader) : reader_(std::move(reader)) {}

    void add(std::string text);
    void add(const http::ByteRange& part);  // of the file

    std::int64_t length() const noexcept { return length_; }  // bytes of all
    // Fills the buffer from `offset` on as far as one part goes. 0: the file ends before its part. Requires:
    // 0 <= offset < length(). Throws Error{io}.
    std::size_t read(std::int64_t offset, std::span<char> buffer);

private:
    struct Part {
        std::int64_t begin;     // in the body
        std::int64_t length;    // bytes
        std::string text;       // or empty:
        std::int64_t from = 0;  // in the file
    };

    blobs::Reader reader_;
    std::vector<Part> parts_;  // in the body's order
    std::int64_t length_ = 0;
};

}  // namespace bodega::web
