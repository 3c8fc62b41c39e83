// Compresses a stream of bytes to gzip (RFC 1952) in pieces. Uses about 100 KiB of memory for each answer.
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
    // Counts its memory in the budget of `buffer_pool`, which has to outlive the Gzip. Throws std::bad_alloc.
    explicit Gzip(net::BufferPool& buffer_pool);
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    // Add at most this many bytes at once, so that no other coroutine waits long.
    static constexpr std::size_t kPiece = 16 << 10;

    void add(std::string_view bytes);
    // Moves all added bytes into output(), so that the client can decode them. Returns false if they already were
    // there.
    bool flush();
    void finish();  // ends the output; nothing can be added after that

    std::string_view output() const noexcept { return std::string_view(output_).substr(taken_); }
    void take(std::size_t count) noexcept;  // requires: count <= output().size()

private:
    void run(std::string_view bytes, int mode);

    net::BufferPool& buffer_pool_;
    std::unique_ptr<z_stream_s> stream_;
    std::string output_;
    std::size_t taken_ = 0;
    bool held_back_ = false;  // true if some added bytes are not in the output yet
};

}  // namespace bodega::edge
