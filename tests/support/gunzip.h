// Decompresses gzip, for tests of the compressor.
#pragma once

#include <zlib.h>

#include <array>
#include <stdexcept>
#include <string>

namespace bodega::test {

// Decompresses as much as there is. Throws for bytes that are not gzip.
inline std::string gunzip(std::string packed) {
    z_stream stream{};
    if (::inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("inflateInit2");
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string out;
    std::array<char, 4096> room;
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(room.data());
        stream.avail_out = static_cast<uInt>(room.size());
        status = ::inflate(&stream, Z_SYNC_FLUSH);
        out.append(room.data(), room.size() - stream.avail_out);
    }
    ::inflateEnd(&stream);
    if (status != Z_STREAM_END && status != Z_BUF_ERROR) throw std::runtime_error("this is no gzip");
    return out;
}

}  // namespace bodega::test
