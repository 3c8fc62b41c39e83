#include "support/edge_vectors.h"

namespace bodega::test {
namespace {

using namespace std::string_view_literals;

constexpr RequestVector kFields[] = {
    // --- accepted
    {"9110 5.5: white space around a value", "GET / HTTP/1.1\r\nHost: \t h \t\r\n\r\n", 0, "/ h none keep"},
    {"9110 5.5: no white space", "GET / HTTP/1.1\r\nHost:h\r\n\r\n", 0, "/ h none keep"},
    {"9110 5.5: empty value", "GET / HTTP/1.1\r\nHost: h\r\nX:\r\n\r\n", 0, "/ h none keep"},
    {"9110 5.5: obs-text in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: \xe9\xff\r\n\r\n", 0, "/ h none keep"},
    {"9110 5.1: names without case", "GET / HTTP/1.1\r\nhOsT: h\r\n\r\n", 0, "/ h none keep"},
    {"9110 5.6.2: every mark of a token", "GET / HTTP/1.1\r\nHost: h\r\n!#$%&'*+-.^_`|~a1: x\r\n\r\n", 0,
     "/ h none keep"},
    {"9110 7.6.1: close", "GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n", 0, "/ h none close"},
    {"9110 7.6.1: close in a second field", "GET / HTTP/1.1\r\nHost: h\r\nConnection: x\r\nConnection: close\r\n\r\n",
     0, "/ h none close"},
    {"9110 5.6.1: empty elements of a list", "GET / HTTP/1.1\r\nHost: h\r\nConnection: , ,close,\r\n\r\n", 0,
     "/ h none close"},
    {"9110 10.1.1: expectation of a request with a body",
     "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n", 0, "/ h length:1 keep expect"},
    {"9110 10.1.1: expectation without a body", "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", 0,
     "/ h none keep"},
    {"9110 10.1.1: HTTP/1.0 can't expect", "POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n", 0,
     "/ - length:1 close"},

    // --- a field line's own form
    {"9112 5.1: space before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400, ""},
    {"9112 5.1: tab before the colon", "GET / HTTP/1.1\r\nHost\t: h\r\n\r\n", 400, ""},
    {"9112 5.1: space before a framing field's colon", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\n", 400,
     ""},
    {"9112 5.1: space before Transfer-Encoding's colon",
     "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n", 400, ""},
    {"9112 5.2: obs-fold", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400, ""},
    {"9112 5.2: obs-fold by a tab", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n", 400, ""},
    {"9112 5.2: obs-fold of a framing field", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n",
     400, ""},
    {"9112 2.2: white space before the first field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400, ""},
    {"9110 5.1: empty name", "GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", 400, ""},
    {"9110 5.1: no colon", "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n", 400, ""},
    {"9110 5.1: a name with a space", "GET / HTTP/1.1\r\nHost: h\r\nX Y: z\r\n\r\n", 400, ""},
    {"9110 5.1: a name with a slash", "GET / HTTP/1.1\r\nHost: h\r\nX/Y: z\r\n\r\n", 400, ""},
    {"9110 5.1: a name with obs-text", "GET / HTTP/1.1\r\nHost: h\r\nX\xe9: z\r\n\r\n", 400, ""},
    {"9110 5.1: a name with NUL", "GET / HTTP/1.1\r\nHost: h\r\nX\0: z\r\n\r\n"sv, 400, ""},
    {"9110 5.5: NUL in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"sv, 400, ""},
    {"9110 5.5: NUL late in a long value", "GET / HTTP/1.1\r\nHost: h\r\nX: aaaaaaaaaaaaaaaaaaa\0b\r\n\r\n"sv, 400, ""},
    {"9110 5.5: bare CR in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", 400, ""},
    {"9110 5.5: CR CR LF", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\r\n\r\n", 400, ""},
    {"9110 5.5: a control character", "GET / HTTP/1.1\r\nHost: h\r\nX: a\x01\r\n\r\n", 400, ""},
    {"9110 5.5: DEL", "GET / HTTP/1.1\r\nHost: h\r\nX: abcdefghijklmn\x7f\r\n\r\n", 400, ""},
    {"9110 5.5: vertical tab in a framing value", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \vchunked\r\n\r\n",
     400, ""},
    {"9112 2.2: bare LF after a field", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400, ""},
    {"9112 2.2: bare LF before the blank line", "GET / HTTP/1.1\r\nHost: h\n\r\n", 400, ""},
    {"9112 2.2: a blank line of bare LF", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400, ""},

    // --- Host
    {"9112 3.2: no Host", "GET / HTTP/1.1\r\n\r\n", 400, ""},
    {"9112 3.2: two Hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3.2: two Hosts of HTTP/1.0", "GET / HTTP/1.0\r\nHost: h\r\nHost: i\r\n\r\n", 400, ""},
    {"9110 7.2: empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, ""},
    {"9110 7.2: a list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, ""},
    {"9110 7.2: user information", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, ""},
    {"9110 7.2: a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, ""},
    {"9110 7.2: a URL", "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n", 400, ""},
    {"9110 7.2: no digits after the colon", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", 400, ""},
    {"9110 7.2: port out of range", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400, ""},
    {"9110 7.2: port that is none", "GET / HTTP/1.1\r\nHost: a:80x\r\n\r\n", 400, ""},
    {"9110 7.2: IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0, "/ [::1]:8080 none keep"},
    {"9110 7.2: IPv6 address that is none", "GET / HTTP/1.1\r\nHost: [::x]\r\n\r\n", 400, ""},
    {"9110 7.2: a bracket that is not closed", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, ""},
    {"9110 7.2: percent-encoding", "GET / HTTP/1.1\r\nHost: a%2eb\r\n\r\n", 400, ""},
    {"9110 7.2: obs-text", "GET / HTTP/1.1\r\nHost: \xc3\xb1\r\n\r\n", 400, ""},

    // --- others that the edge acts on
    {"9112 6.3: a body of GET", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n", 0, "/ h length:3 keep"},
    {"9112 6.1: chunked of HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
    {"9110 10.1.1: unknown expectation", "GET / HTTP/1.1\r\nHost: h\r\nExpect: magic\r\n\r\n", 417, ""},
    {"9110 10.1.1: a list of expectations", "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue, x\r\n\r\n", 417, ""},
    {"9110 7.6.1: an option that is no token", "GET / HTTP/1.1\r\nHost: h\r\nConnection: a b\r\n\r\n", 400, ""},
    {"9110 7.6.1: a quoted option", "GET / HTTP/1.1\r\nHost: h\r\nConnection: \"close\"\r\n\r\n", 400, ""},
};

}  // namespace

std::span<const RequestVector> request_field_vectors() { return kFields; }

}  // namespace bodega::test
