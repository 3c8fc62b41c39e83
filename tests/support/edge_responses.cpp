#include "support/edge_vectors.h"

namespace bodega::test {
namespace {

using namespace std::string_view_literals;

constexpr ResponseVector kResponses[] = {
    // --- accepted
    {"9112 4: a reason", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, "200 length:5 keep"},
    {"9112 4: an empty reason", "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n", true, "200 length:5 keep"},
    {"9112 4: no reason and no space", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", true, "200 length:0 keep"},
    {"9112 4: obs-text in the reason", "HTTP/1.1 200 \xc3\xb1\r\nContent-Length: 0\r\n\r\n", true, "200 length:0 keep"},
    {"9112 6.3: no length ends by closing", "HTTP/1.1 200 OK\r\n\r\n", true, "200 until_close close"},
    {"9112 6.1: chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true, "200 chunked keep"},
    {"9110 15.3.5: 204 has no body", "HTTP/1.1 204 No Content\r\n\r\n", true, "204 none keep"},
    {"9110 15.3.5: 204 with a length of zero", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", true,
     "204 none keep"},
    {"9110 15.4.5: 304 with a length has no body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", true,
     "304 none keep"},
    {"9110 15.2: 100 has no body", "HTTP/1.1 100 Continue\r\n\r\n", true, "100 none keep"},
    {"9112 9.3: close", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n", true,
     "200 length:1 close"},
    {"9112 9.3: HTTP/1.0 closes", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", true, "200 length:1 close"},
    {"9112 9.3: HTTP/1.0 with keep-alive", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n",
     true, "200 length:1 keep"},
    {"9110 15: a status of a known class", "HTTP/1.1 460 x\r\nContent-Length: 0\r\n\r\n", true, "460 length:0 keep"},

    // --- the status line
    {"9112 4: HTTP/2", "HTTP/2 200 OK\r\n\r\n", false, ""},
    {"9112 4: HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n", false, ""},
    {"9112 4: lower case", "http/1.1 200 OK\r\n\r\n", false, ""},
    {"9112 4: another protocol", "ICY 200 OK\r\n\r\n", false, ""},
    {"9112 4: two digits", "HTTP/1.1 20 OK\r\n\r\n", false, ""},
    {"9112 4: four digits", "HTTP/1.1 2000 OK\r\n\r\n", false, ""},
    {"9112 4: a sign", "HTTP/1.1 +20 OK\r\n\r\n", false, ""},
    {"9110 15: below 100", "HTTP/1.1 099 x\r\n\r\n", false, ""},
    {"9110 15: above 599", "HTTP/1.1 600 x\r\n\r\n", false, ""},
    {"9112 4: two spaces", "HTTP/1.1  200 OK\r\n\r\n", false, ""},
    {"9112 4: tab", "HTTP/1.1\t200 OK\r\n\r\n", false, ""},
    {"9112 4: NUL in the reason", "HTTP/1.1 200 O\0K\r\n\r\n"sv, false, ""},
    {"9112 4: bare CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\n", false, ""},
    {"9112 2.2: bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", false, ""},
    {"9112 4: no status line", "Content-Length: 0\r\n\r\n", false, ""},
    {"9112 4: HTTP/0.9", "<html>\r\n\r\n", false, ""},

    // --- fields
    {"9112 5.2: obs-fold", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", false, ""},
    {"9112 5.1: space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n", false, ""},
    {"9110 5.5: bare CR in a value", "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n", false, ""},
    {"9110 5.5: NUL in a value", "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"sv, false, ""},
    {"9110 5.1: empty name", "HTTP/1.1 200 OK\r\n: a\r\n\r\n", false, ""},
    {"9112 2.2: bare LF after a field", "HTTP/1.1 200 OK\r\nX: a\nY: b\r\n\r\n", false, ""},

    // --- framing
    {"9112 6.3: two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", false, ""},
    {"9112 6.3: the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", false, ""},
    {"9110 8.6: a list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", false, ""},
    {"9110 8.6: plus sign", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", false, ""},
    {"9110 8.6: negative", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", false, ""},
    {"9110 8.6: more than fits", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n", false, ""},
    {"9112 6.3: length and chunked", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
     false, ""},
    {"9112 6.1: gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", false, ""},
    {"9112 6.1: chunked, gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", false, ""},
    {"9112 6.1: chunked twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     false, ""},
    {"9112 6.1: chunked of HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false, ""},
    {"9112 6.1: chunked of 204", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", false, ""},
    {"9112 6.1: chunked of 100", "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n", false, ""},
};

}  // namespace

std::span<const ResponseVector> response_vectors() { return kResponses; }

}  // namespace bodega::test
