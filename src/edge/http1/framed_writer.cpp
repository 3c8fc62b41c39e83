#include "edge/http1/framed_writer.h"

#include <algorithm>
#include <array>
#include <span>

#include "http/chunked.h"

namespace bodega::edge {
namespace {

constexpr std::size_t kJoin = 2 << 10;
// The most bytes of one sendfile call, so that other connections get a turn.
constexpr std::uint64_t kFileStep = 2 << 20;

iovec piece(std::string_view bytes) noexcept { return {const_cast<char*>(bytes.data()), bytes.size()}; }

}  // namespace

void FramedWriter::join(std::string_view& data) {
    if (!joins_ || data.empty() || data.size() > kJoin || chunk_left_ > 0 || text_.size() - sent_ > kJoin) return;
    if (!chunked_ && !pending()) return;
    if (chunked_) http::append_chunk_size(text_, data.size());
    text_ += data;
    if (chunked_) text_ += "\r\n";
    data = {};
}

net::Io FramedWriter::write(std::string_view& data) {
    join(data);
    while (pending() || !data.empty()) {
        if (chunked_ && chunk_left_ == 0 && !data.empty()) {
            http::append_chunk_size(text_, data.size());
            chunk_left_ = data.size();
        }
        std::string_view part = chunked_ ? data.substr(0, chunk_left_) : data;
        std::array<iovec, 2> pieces = {piece(std::string_view(text_).substr(sent_)), piece(part)};
        bool text_only = part.empty();
        bool data_only = !pending();
        std::span<const iovec> used(pieces.data() + (data_only ? 1 : 0), text_only || data_only ? 1U : 2U);
        net::IoResult result = transport_.send(used);
        if (result.status != net::Io::done) return result.status;
        account(result.bytes, data);
    }
    return net::Io::done;
}

void FramedWriter::account(std::size_t bytes, std::string_view& data) {
    total_ += bytes;
    std::size_t of_text = std::min(bytes, text_.size() - sent_);
    sent_ += of_text;
    if (sent_ == text_.size()) {
        text_.clear();
        sent_ = 0;
    }
    std::size_t of_data = bytes - of_text;
    data.remove_prefix(of_data);
    if (!chunked_ || of_data == 0) return;
    chunk_left_ -= of_data;
    if (chunk_left_ == 0) text_ += "\r\n";
}

net::Io FramedWriter::flush() {
    std::string_view none;
    return write(none);
}

net::Io FramedWriter::write_file(int file, off_t& offset, std::uint64_t& count) {
    while (pending()) {
        // The kernel holds the text back (MSG_MORE) until bytes of the file follow, so that both are in one segment.
        std::array<iovec, 1> text = {piece(std::string_view(text_).substr(sent_))};
        net::IoResult result = transport_.send(text, net::Transport::More::yes);
        if (result.status != net::Io::done) return result.status;
        std::string_view none;
        account(result.bytes, none);
    }
    net::IoResult result = transport_.send_file(file, offset, static_cast<std::size_t>(std::min(count, kFileStep)));
    total_ += result.bytes;
    count -= result.bytes;
    return result.status;
}

void FramedWriter::finish() {
    if (chunked_) text_ += http::kLastChunk;
}

}  // namespace bodega::edge
