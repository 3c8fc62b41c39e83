// Compresses a stream of bytes to gzip (RFC 1952), piece by piece, in bounded memory: about 100 KiB for each answer.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/buffer.h"

struct z_stream_s;

namespace bodega::edge {

class Gzip {
public:
    // Its memory counts against the budget of `buffer_pool`, which outlives it. Throws std::bad_alloc.
    explicit Gzip(net::BufferPool& buffer_pool);
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    // Largest piece to add at once, in bytes, so that no other coroutine waits long.
    static constexpr std::size_t kPiece = 16 << 10;

    void add(std::string_view bytes);
    bool flush();   // makes everything added so far decodable for the receiver; false: it already was
    void finish();  // ends the output: nothing can be added any more

    std::string_view output() const noexcept { return std::string_view(output_).substr(taken_); }
    void take(std::size_t count) noexcept;  // Requires: count <= output().size()

private:
    void run(std::string_view bytes, int mode);

    net::BufferPool& buffer_pool_;
    std::unique_ptr<z_stream_s> stream_;
    std::string output_;
    std::size_t taken_ = 0;
    bool held_back_ = false;  // some added bytes are not yet in the output
};

}  // namespace bodega::edge
