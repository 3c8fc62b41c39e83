#include "support/edge_vectors.h"

namespace bodega::test {
namespace {

using namespace std::string_view_literals;

constexpr RequestVector kLines[] = {
    // --- accepted
    {"9112 3: origin-form", "GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", 0, "/a?b=c h none keep"},
    {"9112 3.2.1: empty query", "GET /? HTTP/1.1\r\nHost: h\r\n\r\n", 0, "/? h none keep"},
    {"9112 3.2.1: percent-encoding passes as it is", "GET /%2e%2E/%00 HTTP/1.1\r\nHost: h\r\n\r\n", 0,
     "/%2e%2E/%00 h none keep"},
    {"9112 3.2.1: double slash", "GET //x HTTP/1.1\r\nHost: h\r\n\r\n", 0, "//x h none keep"},
    {"9112 3.2.1: dot segments pass as they are", "GET /../a HTTP/1.1\r\nHost: h\r\n\r\n", 0, "/../a h none keep"},
    {"9112 3.2.2: absolute-form", "GET http://h/a HTTP/1.1\r\nHost: h\r\n\r\n", 0, "/a h none keep"},
    {"9112 3.2.2: absolute-form, scheme without case", "GET HTTP://h/a HTTP/1.1\r\nHost: H\r\n\r\n", 0,
     "/a h none keep"},
    {"9112 3.2.2: absolute-form without a path", "GET http://h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n", 0,
     "/ h:80 none keep"},
    {"9112 3.2.4: asterisk-form", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 0, "* h none keep"},
    {"9112 3.2.4: asterisk from absolute-form", "OPTIONS http://h HTTP/1.1\r\nHost: h\r\n\r\n", 0, "* h none keep"},
    {"9110 9: a method of an extension", "M-SEARCH / HTTP/1.1\r\nHost: h\r\n\r\n", 0, "/ h none keep"},
    {"9110 9.1: methods have case", "get / HTTP/1.1\r\nHost: h\r\n\r\n", 0, "/ h none keep"},
    {"9112 2.3: HTTP/1.0 does not persist", "GET / HTTP/1.0\r\n\r\n", 0, "/ - none close"},
    {"9112 9.3: HTTP/1.0 with keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 0, "/ - none keep"},
    {"3986 2: marks that browsers send", "GET /a|b\"<>{}^`\\ HTTP/1.1\r\nHost: h\r\n\r\n", 0,
     "/a|b\"<>{}^`\\ h none keep"},

    // --- the line's own form
    {"9112 3: no version (HTTP/0.9)", "GET /\r\n\r\n", 400, ""},
    {"9112 3: no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: empty target", "GET  HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: two spaces after the method", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: two spaces before the version", "GET /  HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: trailing space", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: leading space", " GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: tab for space", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: tab before the version", "GET /\tHTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: space in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: vertical tab in the target", "GET /a\vb HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n"sv, 400, ""},
    {"9112 3: NUL in the method", "GE\0T / HTTP/1.1\r\nHost: h\r\n\r\n"sv, 400, ""},
    {"9112 3: no method", "/ HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9110 5.6.2: a method that is no token", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9110 5.6.2: a method with a colon", "GET: / HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3.2: raw UTF-8", "GET /\xc3\xb1 HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3.2: DEL", "GET /\x7f HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3.2: fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: a bare CR in the line", "GET /\rHTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3: CR CR LF", "GET / HTTP/1.1\r\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.2: bare LF ends the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.2: bare LFs alone", "GET / HTTP/1.1\nHost: h\n\n", 400, ""},

    // --- versions
    {"9112 2.3: HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505, ""},
    {"9113 3.4: the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 505, ""},
    {"9112 2.3: HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505, ""},
    {"9112 2.3: HTTP/0.9", "GET / HTTP/0.9\r\nHost: h\r\n\r\n", 505, ""},
    {"9112 2.3: lower case", "GET / http/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.3: two digits", "GET / HTTP/1.10\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.3: leading zero", "GET / HTTP/01.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.3: no minor", "GET / HTTP/1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.3: a comma", "GET / HTTP/1,1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.3: another protocol", "GET / ICAP/1.0\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 2.3: a sign", "GET / HTTP/+1.1\r\nHost: h\r\n\r\n", 400, ""},

    // --- other forms of the target
    {"9112 3.2.3: authority-form", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", 501, ""},
    {"9112 3.2.3: authority-form of GET", "GET h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", 400, ""},
    {"9112 3.2.4: asterisk of GET", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3.2.1: no slash", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3.2.1: query alone", "GET ?a HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
    {"9112 3.2.2: another host than Host's", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400, ""},
    {"9112 3.2.2: another port than Host's", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
    {"9112 3.2.2: absolute-form without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400, ""},
    {"9110 4.2.4: user information", "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
    {"9110 4.2.1: empty host", "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
    {"9110 7.4: another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
    {"9110 7.4: https on a plain listener", "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
    {"9112 3.2.2: a query without a path", "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
};

}  // namespace

std::span<const RequestVector> request_line_vectors() { return kLines; }

}  // namespace bodega::test
