// Writes a message to a transport: the head and framing text, which it owns, between body bytes, which the caller
// owns.
//
// The text and the data after it leave in one system call. Data that the transport did not take stays with the caller,
// who offers the same bytes again: backpressure without a copy.
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
    // joins: a small piece of data is copied behind the text and counts as taken before it was sent, since one plain
    // send is cheaper than a vector of two. Don't use it if the data may have to be offered to another transport.
    enum class Small : bool { stays, joins };
    FramedWriter(net::Transport& transport, Small small) noexcept
        : transport_(transport), joins_(small == Small::joins) {}

    // Sent before any data that is written later. Only append to it.
    std::string& text() noexcept { return text_; }

    // true: later data is framed as chunks (RFC 9112 section 7.1); false: it is sent as it is.
    void frame_chunks(bool chunked) noexcept { chunked_ = chunked; }

    // Sends the text, then as much of `data` as the transport takes, and removes that from `data`. done: all of both
    // was sent.
    net::Io write(std::string_view& data);
    net::Io flush();

    // Sends the text, then bytes of `file` from `offset` on; advances `offset` and reduces `count`. done: everything,
    // or a part after which the caller may continue. Requires: not chunked.
    net::Io write_file(int file, off_t& offset, std::uint64_t& count);

    // Appends the last chunk if chunks are framed. Requires: a chunk that was begun is complete.
    void finish();

    bool pending() const noexcept { return sent_ < text_.size(); }
    std::uint64_t sent() const noexcept { return total_; }  // bytes that left, text and data
    std::size_t capacity() const noexcept { return text_.capacity(); }
    void release() { std::string().swap(text_); }  // frees the memory. Requires: nothing pending

private:
    void join(std::string_view& data);
    void account(std::size_t bytes, std::string_view& data);

    net::Transport& transport_;
    std::string text_;
    std::size_t sent_ = 0;  // bytes of text_
    std::uint64_t chunk_left_ = 0;
    std::uint64_t total_ = 0;
    bool chunked_ = false;
    const bool joins_;
};

}  // namespace bodega::edge
