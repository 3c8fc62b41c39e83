// Messages on the wire and what is to become of them: tables for the parser's tests and for the raw-byte tests.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/chunked.h"

namespace bodega::test {

struct RequestVector {
    std::string_view name;   // RFC and section, then what is tried
    std::string_view bytes;  // a whole head, through its blank line if it has one
    int status;              // 0: accepted; else the refusal's
    std::string_view seen;   // accepted: "target host framing keep|close"
};

struct ResponseVector {
    std::string_view name;
    std::string_view bytes;
    bool accepted;
    std::string_view seen;  // accepted: "status framing keep|close"
};

// A body in the chunked coding.
struct ChunkedVector {
    std::string_view name;
    std::string_view bytes;             // from the first size on
    http::ChunkedDecoder::State state;  // where it ends: end, malformed, or more, which never came
    std::string_view data;              // up to there
};

std::span<const RequestVector> request_line_vectors();
std::span<const RequestVector> request_field_vectors();
std::span<const RequestVector> request_framing_vectors();
std::span<const ResponseVector> response_vectors();
std::span<const ChunkedVector> chunked_vectors();

}  // namespace bodega::test
