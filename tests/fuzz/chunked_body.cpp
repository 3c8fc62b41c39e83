// Chunked bodies: the same data and end however they are split, and the same as a plain reader of the grammar gets.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fuzz/seeds.h"
#include "http/chunked.h"
#include "support/edge_vectors.h"

using namespace bodega;
using fuzz::require;

std::vector<std::string> fuzz::seeds() {
    std::vector<std::string> out;
    for (const test::ChunkedVector& vector : test::chunked_vectors()) out.push_back(std::string(vector.bytes) + '\x03');
    return out;
}

namespace {

using State = http::ChunkedDecoder::State;

struct Decoded {
    State state = State::more;
    std::string data;
    std::size_t used = 0;

    bool operator==(const Decoded&) const = default;
};

// Continues with the bytes up to `end`.
void decode(http::ChunkedDecoder& decoder, std::string_view bytes, std::size_t end, Decoded& out) {
    while (out.state == State::more || out.state == State::data) {
        std::string_view here = bytes.substr(out.used, end - out.used);
        http::ChunkedDecoder::Step step = decoder.next(here);
        require(step.skip + step.data <= here.size(), "more bytes than there are");
        out.state = step.state;
        out.used += step.skip;
        if (step.state != State::data) return;
        require(step.data > 0, "data without a byte");
        out.data.append(here.substr(step.skip, step.data));
        decoder.took_data(step.data);
        out.used += step.data;
    }
}

Decoded decode(std::string_view bytes, std::size_t cut) {
    http::ChunkedDecoder decoder;
    Decoded out;
    decode(decoder, bytes, cut, out);
    decode(decoder, bytes, bytes.size(), out);
    return out;
}

// Lines end at LF and strtoull reads sizes. Only used for bodies that the strict decoder accepted.
Decoded decode_plainly(std::string_view bytes) {
    Decoded out;
    auto line = [&] {
        std::size_t end = bytes.find('\n', out.used);
        require(end != std::string_view::npos, "no line where the strict decoder saw one");
        std::string text(bytes.substr(out.used, end - out.used));
        out.used = end + 1;
        return text;
    };
    for (;;) {
        std::size_t size = std::strtoull(line().c_str(), nullptr, 16);
        if (size == 0) break;
        require(size <= bytes.size() - out.used, "a chunk that is longer than the body");
        out.data.append(bytes.substr(out.used, size));
        out.used += size;
        require(line() == "\r", "something between data and line end");
    }
    while (line() != "\r") continue;
    out.state = State::end;
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::size_t cut = fuzz::take_cut(bytes);
    Decoded whole = decode(bytes, 0);
    require(decode(bytes, cut) == whole, "the cut matters");
    if (whole.state == State::end) require(decode_plainly(bytes) == whole, "two decoders, two bodies");
    return 0;
}
