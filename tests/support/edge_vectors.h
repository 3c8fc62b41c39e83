// Messages as bytes and their expected results: tables for the parser's tests and for the raw-byte tests.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/chunked.h"

namespace bodega::test {

struct RequestVector {
    std::string_view name;   // RFC and section, then the subject
    std::string_view bytes;  // a complete head, with its blank line if it has one
    int status;              // 0: accepted; else the status of the refusal
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
    http::ChunkedDecoder::State state;  // the result: end, malformed, or more (incomplete)
    std::string_view data;              // bytes up to there
};

std::span<const RequestVector> request_line_vectors();
std::span<const RequestVector> request_field_vectors();
std::span<const RequestVector> request_framing_vectors();
std::span<const ResponseVector> response_vectors();
std::span<const ChunkedVector> chunked_vectors();

}  // namespace bodega::test
