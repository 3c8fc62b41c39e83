#include "edge/proxy/gzip.h"

#include <zlib.h>

#include <array>
#include <new>

namespace bodega::edge {
namespace {

// Level 1 and a window of 8 KiB cost little CPU and memory. Higher values compress text only a little better.
constexpr int kLevel = 1;
constexpr int kWindow = 13 + 16;  // 2^13 bytes; zlib writes gzip's format if 16 is added
constexpr int kMemory = 7;
constexpr std::size_t kHeld = 100 << 10;  // bytes that zlib allocates for this kWindow and kMemory, rounded up

}  // namespace

Gzip::Gzip(net::BufferPool& buffer_pool) : buffer_pool_(buffer_pool), stream_(std::make_unique<z_stream_s>()) {
    if (::deflateInit2(stream_.get(), kLevel, Z_DEFLATED, kWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    buffer_pool_.count(0, kHeld);
}

Gzip::~Gzip() {
    ::deflateEnd(stream_.get());
    buffer_pool_.count(kHeld, 0);
}

void Gzip::run(std::string_view bytes, int mode) {
    // zlib's interface takes a non-const pointer, but zlib only reads the bytes.
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_->avail_in = static_cast<uInt>(bytes.size());
    std::array<char, 4 << 10> room;
    do {
        stream_->next_out = reinterpret_cast<Bytef*>(room.data());
        stream_->avail_out = static_cast<uInt>(room.size());
        ::deflate(stream_.get(), mode);
        output_.append(room.data(), room.size() - stream_->avail_out);
    } while (stream_->avail_out == 0);
}

void Gzip::add(std::string_view bytes) {
    run(bytes, Z_NO_FLUSH);
    held_back_ = true;
}

bool Gzip::flush() {
    if (!held_back_) return false;
    run({}, Z_SYNC_FLUSH);
    held_back_ = false;
    return true;
}

void Gzip::finish() { run({}, Z_FINISH); }

void Gzip::take(std::size_t count) noexcept {
    taken_ += count;
    if (taken_ < output_.size()) return;
    output_.clear();
    taken_ = 0;
}

}  // namespace bodega::edge
