// Bytes in, gzip (RFC 1952) out, piece by piece in bounded memory: about 100 KiB for the whole of an answer.
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
    // What it holds counts against the budget of `blocks`, which outlive it. Throws std::bad_alloc.
    explicit Gzip(Blocks& blocks);
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    // Bytes of a piece at most, so that nobody waits long for it.
    static constexpr std::size_t kPiece = 16 << 10;

    void add(std::string_view bytes);
    bool flush();   // what was added so far can be read by who gets the output; false: it could before
    void finish();  // nothing is added any more

    std::string_view output() const noexcept { return std::string_view(output_).substr(taken_); }
    void take(std::size_t count) noexcept;  // Requires: count <= output().size()

private:
    void run(std::string_view bytes, int mode);

    Blocks& blocks_;
    std::unique_ptr<z_stream_s> stream_;
    std::string output_;
    std::size_t taken_ = 0;
    bool held_back_ = false;  // something that was added is not all in the output yet
};

}  // namespace bodega::edge
