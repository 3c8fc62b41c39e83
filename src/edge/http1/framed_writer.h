// Writes a message to a transport. The writer owns the head and the framing, called "text" here. The caller owns the
// body, called "data".
//
// One system call sends the text and the data after it. If the transport does not accept all data, the caller keeps the
// rest and offers it again later. So the writer copies no data while the client is slow.
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
    // joins: copies a small piece of data to the end of the text, since one plain send is cheaper than a vector of two
    // pieces. The piece counts as accepted before it is sent. So use `stays` if the data may have to be sent again on
    // another transport.
    enum class Small : bool { stays, joins };
    FramedWriter(net::Transport& transport, Small small) noexcept
        : transport_(transport), joins_(small == Small::joins) {}

    // The head and framing that are sent before the next data. The caller may only append to it.
    std::string& text() noexcept { return text_; }

    // If true, later data is framed as chunks (RFC 9112 section 7.1). If false, it is sent without framing.
    void frame_chunks(bool chunked) noexcept { chunked_ = chunked; }

    // Sends the text, then as much of `data` as the transport accepts. Removes the accepted bytes from `data`. Returns
    // done if everything was sent.
    net::Io write(std::string_view& data);
    net::Io flush();

    // Sends the text, then `count` bytes of `file` from `offset` on. Increases `offset` and reduces `count` by the
    // bytes that were sent. Returns done if it may be called again at once, or if `count` is 0. Requires: chunks are
    // not framed.
    net::Io write_file(int file, off_t& offset, std::uint64_t& count);

    // Appends the last chunk if chunks are framed. Requires: no chunk is incomplete.
    void finish();

    bool pending() const noexcept { return sent_ < text_.size(); }
    std::uint64_t sent() const noexcept { return total_; }  // bytes of text and data that were sent
    std::size_t capacity() const noexcept { return text_.capacity(); }
    void release() { std::string().swap(text_); }  // frees the text's memory; requires: !pending()

private:
    void join(std::string_view& data);
    void account(std::size_t bytes, std::string_view& data);

    net::Transport& transport_;
    std::string text_;
    std::size_t sent_ = 0;  // bytes of text_ that were sent
    std::uint64_t chunk_left_ = 0;
    std::uint64_t total_ = 0;
    bool chunked_ = false;
    const bool joins_;
};

}  // namespace bodega::edge
