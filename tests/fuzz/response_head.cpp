// Response heads of an upstream: as request_head.cpp.
#include <cstddef>
#include <cstdint>

#include "fuzz/lenient_head.h"
#include "fuzz/seeds.h"
#include "http/head_scanner.h"
#include "http/parser.h"
#include "support/edge_vectors.h"

using namespace bodega;
using fuzz::require;

std::vector<std::string> fuzz::seeds() {
    std::vector<std::string> out;
    for (const test::ResponseVector& vector : test::response_vectors())
        out.push_back(std::string(vector.bytes) + '\x05');
    return out;
}

namespace {

std::size_t head_length(std::string_view bytes, std::size_t cut) {
    http::HeadScanner scanner;
    http::HeadScanner::Result result = scanner.scan(bytes.substr(0, cut));
    if (result == http::HeadScanner::Result::incomplete) result = scanner.scan(bytes);
    return result == http::HeadScanner::Result::complete ? scanner.length() : 0;
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::size_t cut = fuzz::take_cut(bytes);
    std::size_t length = head_length(bytes, 0);
    require(head_length(bytes, cut) == length, "the end depends on the cut");
    if (length == 0) return 0;
    http::ResponseHead head, to_head;
    if (http::parse_response(bytes.substr(0, length), {}, http::Method::get, head)) return 0;
    fuzz::LenientHead lenient = fuzz::read_leniently(bytes.substr(0, length));
    require(head.status >= 100 && head.status <= 599, "a status");
    require(lenient.lengths <= 1 && lenient.codings <= 1, "a framing field is hidden");
    require(lenient.lengths == 0 || lenient.codings == 0, "length and coding");
    using Kind = http::Framing::Kind;
    if (!may_have_body(head.status)) require(head.body.kind == Kind::none, "a body where none may be");
    else if (lenient.codings == 1) require(head.body.kind == Kind::chunked, "a coding that only one sees");
    else if (lenient.lengths == 1) require(head.body.length == lenient.length, "a length that only one sees");
    else require(head.body.kind == Kind::until_close && !head.keep_alive, "an end that only one sees");
    require(!http::parse_response(bytes.substr(0, length), {}, http::Method::head, to_head), "HEAD is read otherwise");
    require(to_head.body.kind == Kind::none, "HEAD has a body");
    return 0;
}
