#include "support/edge_vectors.h"

#include <string>
#include <vector>

namespace bodega::test {
namespace {

using namespace std::string_view_literals;

constexpr RequestVector kFraming[] = {
    // --- accepted
    {"9112 6.2: a length", "Content-Length: 5\r\n\r\n", 0, "/ h length:5 keep"},
    {"9112 6.2: leading zeros", "Content-Length: 005\r\n\r\n", 0, "/ h length:5 keep"},
    {"9112 6.2: zero", "Content-Length: 0\r\n\r\n", 0, "/ h none keep"},
    {"9112 6.3: neither field", "\r\n", 0, "/ h none keep"},
    {"9112 6.1: chunked", "Transfer-Encoding: chunked\r\n\r\n", 0, "/ h chunked keep"},
    {"9112 7: coding names have no case", "Transfer-Encoding: CHUNKED\r\n\r\n", 0, "/ h chunked keep"},
    {"9112 6.1: white space around chunked", "Transfer-Encoding: \tchunked \r\n\r\n", 0, "/ h chunked keep"},
    {"9110 8.6: white space around a length", "Content-Length: \t5 \r\n\r\n", 0, "/ h length:5 keep"},
    {"9110 8.6: more zeros than digits of a number", "Content-Length: 0000000000000000000000005\r\n\r\n", 0,
     "/ h length:5 keep"},
    {"9110 8.6: many bytes", "Content-Length: 1000000000000000000\r\n\r\n", 0, "/ h length:1000000000000000000 keep"},
    {"9112 6.1: no space after the colon", "Transfer-Encoding:chunked\r\n\r\n", 0, "/ h chunked keep"},
    {"9112 6.1: names without case", "tRANSFER-eNCODING: chunked\r\n\r\n", 0, "/ h chunked keep"},
    {"9110 6.5: Trailer and TE", "TE: trailers\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n", 0,
     "/ h chunked keep"},

    // --- Content-Length
    {"9112 6.3: repeated, different", "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400, ""},
    {"9112 6.3: repeated, the same", "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400, ""},
    {"9112 6.3: repeated in other case", "Content-Length: 5\r\ncontent-length: 5\r\n\r\n", 400, ""},
    {"9110 8.6: a list, the same", "Content-Length: 5, 5\r\n\r\n", 400, ""},
    {"9110 8.6: a list, different", "Content-Length: 5, 6\r\n\r\n", 400, ""},
    {"9110 8.6: a trailing comma", "Content-Length: 5,\r\n\r\n", 400, ""},
    {"9110 8.6: plus sign", "Content-Length: +5\r\n\r\n", 400, ""},
    {"9110 8.6: minus sign", "Content-Length: -5\r\n\r\n", 400, ""},
    {"9110 8.6: hexadecimal", "Content-Length: 0x5\r\n\r\n", 400, ""},
    {"9110 8.6: a fraction", "Content-Length: 5.0\r\n\r\n", 400, ""},
    {"9110 8.6: an exponent", "Content-Length: 5e1\r\n\r\n", 400, ""},
    {"9110 8.6: a space within", "Content-Length: 5 0\r\n\r\n", 400, ""},
    {"9110 8.6: empty", "Content-Length:\r\n\r\n", 400, ""},
    {"9110 8.6: quoted", "Content-Length: \"5\"\r\n\r\n", 400, ""},
    {"9110 8.6: an underscore", "Content-Length: 5_0\r\n\r\n", 400, ""},
    {"9110 8.6: digits of another script", "Content-Length: \xd9\xa5\r\n\r\n", 400, ""},
    {"9110 8.6: more than fits", "Content-Length: 99999999999999999999\r\n\r\n", 400, ""},
    {"9110 8.6: 2^64 and 5", "Content-Length: 18446744073709551621\r\n\r\n", 400, ""},
    {"9110 8.6: a NUL after the digits", "Content-Length: 5\0\r\n\r\n"sv, 400, ""},
    {"9112 6.3: repeated apart", "Content-Length: 5\r\nX: y\r\nContent-Length: 5\r\n\r\n", 400, ""},
    {"9112 6.3: an empty one first", "Content-Length:\r\nContent-Length: 5\r\n\r\n", 400, ""},
    {"9112 6.3: zero and another", "Content-Length: 0\r\nContent-Length: 5\r\n\r\n", 400, ""},
    {"9110 8.6: a leading comma", "Content-Length: ,5\r\n\r\n", 400, ""},
    {"9110 8.6: a list by semicolons", "Content-Length: 5;5\r\n\r\n", 400, ""},
    {"9110 8.6: a parameter", "Content-Length: 5;q=1\r\n\r\n", 400, ""},
    {"9110 8.6: octal", "Content-Length: 0o5\r\n\r\n", 400, ""},
    {"9110 8.6: binary", "Content-Length: 0b1\r\n\r\n", 400, ""},
    {"9110 8.6: hexadecimal digits", "Content-Length: a\r\n\r\n", 400, ""},
    {"9110 8.6: a suffix", "Content-Length: 5L\r\n\r\n", 400, ""},
    {"9110 8.6: a unit", "Content-Length: 5k\r\n\r\n", 400, ""},
    {"9110 8.6: a sign alone", "Content-Length: -\r\n\r\n", 400, ""},
    {"9110 8.6: minus zero", "Content-Length: -0\r\n\r\n", 400, ""},
    {"9110 8.6: words", "Content-Length: five\r\n\r\n", 400, ""},
    {"9110 8.6: a space after a sign", "Content-Length: + 5\r\n\r\n", 400, ""},
    {"9110 8.6: thousands", "Content-Length: 1,000\r\n\r\n", 400, ""},
    {"9110 8.6: full-width digits", "Content-Length: \xef\xbc\x95\r\n\r\n", 400, ""},
    {"9110 8.6: a superscript", "Content-Length: 5\xc2\xb2\r\n\r\n", 400, ""},
    {"9110 8.6: a no-break space before it",
     "Content-Length: \xa0"
     "5\r\n\r\n",
     400, ""},
    {"9110 8.6: 2^63", "Content-Length: 9223372036854775808\r\n\r\n", 400, ""},
    {"9110 8.6: 2^64 - 1", "Content-Length: 18446744073709551615\r\n\r\n", 400, ""},
    {"9110 8.6: 2^32 and 2^64 wrap to 5", "Content-Length: 79228162514264337593543950341\r\n\r\n", 400, ""},

    // --- Transfer-Encoding
    {"9112 6.1: with Content-Length", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9112 6.1: before Content-Length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400, ""},
    {"9112 6.1: with a length of zero", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400, ""},
    {"9112 6.1: two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9112 6.1: identity and chunked", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9112 6.1: chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\n", 400, ""},
    {"9112 6.1: chunked is not last", "Transfer-Encoding: chunked, gzip\r\n\r\n", 400, ""},
    {"9112 6.1: gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, ""},
    {"9112 6.1: x;q=1, chunked", "Transfer-Encoding: x;q=1, chunked\r\n\r\n", 501, ""},
    {"9112 6.1: chunked, gzip, chunked", "Transfer-Encoding: chunked, gzip, chunked\r\n\r\n", 400, ""},
    {"9112 6.3: gzip alone", "Transfer-Encoding: gzip\r\n\r\n", 400, ""},
    {"9112 7: identity", "Transfer-Encoding: identity\r\n\r\n", 400, ""},
    {"9112 7: unknown", "Transfer-Encoding: xchunked\r\n\r\n", 400, ""},
    {"9112 7: a parameter", "Transfer-Encoding: chunked;q=1\r\n\r\n", 400, ""},
    {"9112 7: quoted", "Transfer-Encoding: \"chunked\"\r\n\r\n", 400, ""},
    {"9112 7: a trailing comma", "Transfer-Encoding: chunked,\r\n\r\n", 400, ""},
    {"9112 7: a leading comma", "Transfer-Encoding: ,chunked\r\n\r\n", 400, ""},
    {"9112 7: empty", "Transfer-Encoding:\r\n\r\n", 400, ""},
    {"9112 7: a letter that only looks like k",
     "Transfer-Encoding: chun\xe2\x84\xaa"
     "ed\r\n\r\n",
     400, ""},
    {"9112 6.1: two fields, one in other case", "Transfer-Encoding: chunked\r\ntransfer-encoding: x\r\n\r\n", 400, ""},
    {"9112 6.1: an empty field and chunked", "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9112 6.1: an unknown field and chunked", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9112 6.1: identity with a length", "Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\n", 400, ""},
    {"9112 6.1: an unknown coding with a length", "Content-Length: 5\r\nTransfer-Encoding: x\r\n\r\n", 400, ""},
    {"9112 6.1: a malformed length with chunked", "Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9112 6.1: identity, chunked", "Transfer-Encoding: identity, chunked\r\n\r\n", 501, ""},
    {"9112 6.1: chunked, identity", "Transfer-Encoding: chunked, identity\r\n\r\n", 400, ""},
    {"9112 6.1: deflate, chunked", "Transfer-Encoding: deflate, chunked\r\n\r\n", 501, ""},
    {"9112 7: compress", "Transfer-Encoding: compress\r\n\r\n", 400, ""},
    {"9112 7: a letter too few", "Transfer-Encoding: chunke\r\n\r\n", 400, ""},
    {"9112 7: a letter too many", "Transfer-Encoding: chunkedd\r\n\r\n", 400, ""},
    {"9112 7: a space within", "Transfer-Encoding: chu nked\r\n\r\n", 400, ""},
    {"9112 7: a semicolon", "Transfer-Encoding: chunked;\r\n\r\n", 400, ""},
    {"9112 7: separated by a space", "Transfer-Encoding: gzip chunked\r\n\r\n", 400, ""},
    {"9112 7: single quotes", "Transfer-Encoding: 'chunked'\r\n\r\n", 400, ""},
    {"9112 7: a comment", "Transfer-Encoding: chunked (x)\r\n\r\n", 400, ""},
    {"9112 7: trailing obs-text", "Transfer-Encoding: chunked\xff\r\n\r\n", 400, ""},
    {"9112 7: a no-break space before it",
     "Transfer-Encoding: \xa0"
     "chunked\r\n\r\n",
     400, ""},
    {"9112 7: the name again", "Transfer-Encoding: Transfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9112 7: a NUL within", "Transfer-Encoding: chunked\0\r\n\r\n"sv, 400, ""},
    {"9112 7: a backspace within", "Transfer-Encoding: chunked\b\r\n\r\n", 400, ""},
    {"9112 7: a CR after it", "Transfer-Encoding: chunked\r\r\n\r\n", 400, ""},
};

}  // namespace

// The table's rows are what follows the same request line and Host.
std::span<const RequestVector> request_framing_vectors() {
    static const std::vector<std::string> heads = [] {
        std::vector<std::string> out;
        for (const RequestVector& row : kFraming)
            out.push_back("POST / HTTP/1.1\r\nHost: h\r\n" + std::string(row.bytes));
        return out;
    }();
    static const std::vector<RequestVector> rows = [] {
        std::vector<RequestVector> out(std::begin(kFraming), std::end(kFraming));
        for (std::size_t i = 0; i < out.size(); ++i) out[i].bytes = heads[i];
        return out;
    }();
    return rows;
}

}  // namespace bodega::test
