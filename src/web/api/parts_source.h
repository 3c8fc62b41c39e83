// The body of an answer that consists of ranges of a file and texts between them.
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
    void add(const http::ByteRange& part);  // adds a range of the file

    std::int64_t length() const noexcept { return length_; }  // the length of the complete body in bytes
    // Fills the buffer with bytes from `offset`, at most to the end of one part. Returns 0 if the file is shorter than
    // the part. Requires: 0 <= offset < length(). Throws Error{io}.
    std::size_t read(std::int64_t offset, std::span<char> buffer);

private:
    struct Part {
        std::int64_t begin;     // offset of the part in the body
        std::int64_t length;    // bytes of the part
        std::string text;       // the part's text; if empty, the part is a range of the file
        std::int64_t from = 0;  // offset of the range in the file
    };

    blobs::Reader reader_;
    std::vector<Part> parts_;  // sorted by `begin`
    std::int64_t length_ = 0;
};

}  // namespace bodega::web
