// Writes a message to a stream: head and framing text, which it keeps, between body bytes, which the caller keeps.
//
// Text and the data after it leave in one system call. Data that the stream did not take stays with the caller, who
// offers the same bytes again: backpressure without a copy.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/transport.h"

namespace bodega::edge {

class FramedWriter {
public:
    // joins: few bytes of data beside text are copied to it and so taken before they left. One plain send is
    // cheaper than a vector of two; not for who may have to offer the data to another stream.
    enum class Small : bool { stays, joins };
    FramedWriter(Stream& stream, Small small) noexcept : stream_(stream), joins_(small == Small::joins) {}

    // Sent before any data that is written later. Only append to it.
    std::string& text() noexcept { return text_; }

    // From now on data is framed as chunks (RFC 9112 section 7.1), or goes as it is.
    void frame_chunks(bool chunked) noexcept { chunked_ = chunked; }

    // Sends the text, then as much of `data` as the stream takes, and takes that off `data`. done: all of both.
    Io write(std::string_view& data);
    Io flush();

    // Sends the text, then bytes of `file` from `offset` on; both arguments advance.
    // done: all of it, or a part that the caller may go on from. Requires: not chunked.
    Io write_file(int file, off_t& offset, std::uint64_t& count);

    // Appends the last chunk if chunks are framed. Requires: a chunk that was begun is whole.
    void finish();

    bool pending() const noexcept { return sent_ < text_.size(); }
    bool in_chunk() const noexcept { return chunk_left_ > 0; }
    std::uint64_t sent() const noexcept { return total_; }  // bytes that left, text and data
    std::size_t capacity() const noexcept { return text_.capacity(); }
    void release() { std::string().swap(text_); }  // the memory; Requires: nothing pending

private:
    void join(std::string_view& data);
    void account(std::size_t bytes, std::string_view& data);

    Stream& stream_;
    std::string text_;
    std::size_t sent_ = 0;  // of text_
    std::uint64_t chunk_left_ = 0;
    std::uint64_t total_ = 0;
    bool chunked_ = false;
    const bool joins_;
};

}  // namespace bodega::edge
