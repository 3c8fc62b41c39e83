// Framing of a multipart/byteranges body (RFC 9110 section 14.6). Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/range.h"

namespace bodega::http {

class Multipart {
public:
    // `boundary` must not occur in the bytes of the parts: use a new random name. `content_type` is the type of each
    // part; may be empty.
    Multipart(std::string boundary, std::string content_type, std::uint64_t size)
        : boundary_(std::move(boundary)), content_type_(std::move(content_type)), size_(size) {}

    std::string content_type() const { return "multipart/byteranges; boundary=" + boundary_; }
    std::string before(const ByteRange& part) const;  // the framing before the part's bytes
    std::string after_all() const;
    std::uint64_t length(const std::vector<ByteRange>& parts) const;  // length of the whole body, in bytes

private:
    std::string boundary_;
    std::string content_type_;
    std::uint64_t size_;  // bytes of the representation
};

}  // namespace bodega::http
