// Request heads: one meaning however they are split, the same to a lenient reader, and the same when written again.
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
    auto add = [&](std::span<const test::RequestVector> vectors) {
        for (const test::RequestVector& vector : vectors) out.push_back(std::string(vector.bytes) + '\x05');
    };
    add(test::request_line_vectors());
    add(test::request_field_vectors());
    add(test::request_framing_vectors());
    return out;
}

namespace {

// The head's length when its first `cut` bytes arrive first; 0: malformed or incomplete.
std::size_t head_length(std::string_view bytes, std::size_t cut) {
    http::HeadScanner scanner;
    http::HeadScanner::Result result = scanner.scan(bytes.substr(0, cut));
    if (result == http::HeadScanner::Result::incomplete) result = scanner.scan(bytes);
    return result == http::HeadScanner::Result::complete ? scanner.length() : 0;
}

void check_meaning(std::string_view bytes, const http::RequestHead& head) {
    fuzz::LenientHead lenient = fuzz::read_leniently(bytes);
    require(lenient.lengths <= 1 && lenient.codings <= 1 && lenient.hosts <= 1, "a framing field is hidden");
    require(!(lenient.chunked && lenient.lengths > 0), "length and coding");
    bool chunked = head.body.kind == http::Framing::Kind::chunked;
    require(chunked == (lenient.codings == 1), "a coding that only one sees");
    if (!chunked) require(head.body.length == lenient.length.value_or(0), "a length that only one sees");
    for (char c : head.target) require(c > ' ' && c < 0x7f && c != '#', "a byte in the target");
    require(head.host.empty() ? head.minor == 0 : head.host.find_first_of(" \t,/@\\\"") == head.host.npos, "a host");
}

std::string written(const http::RequestHead& head) {
    std::string out(head.method_name);
    out.append(" ").append(head.target).append(" HTTP/1.").append(std::to_string(head.minor)).append("\r\n");
    if (!head.host.empty()) out.append("Host: ").append(head.host).append("\r\n");
    for (const http::Field& field : head.fields)
        if (field.id != http::Name::host) out.append(field.name).append(": ").append(field.value).append("\r\n");
    return out + "\r\n";
}

void check_rewriting(const http::RequestHead& head) {
    std::string text = written(head);
    http::RequestHead again;
    http::HeadLimits limits;
    limits.max_target = text.size();
    require(head_length(text, 0) == text.size(), "what was written anew has another end");
    require(!http::parse_request(text, limits, again), "what was written anew is refused");
    require(again.target == head.target && again.host == head.host && again.method == head.method, "another request");
    require(again.body.kind == head.body.kind && again.body.length == head.body.length, "another framing");
    require(again.keep_alive == head.keep_alive && again.expects_continue == head.expects_continue, "another end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::size_t cut = fuzz::take_cut(bytes);
    std::size_t length = head_length(bytes, 0);
    require(head_length(bytes, cut) == length, "the end depends on the cut");
    if (length == 0) return 0;
    http::RequestHead head;
    if (http::parse_request(bytes.substr(0, length), {}, head)) return 0;
    check_meaning(bytes.substr(0, length), head);
    check_rewriting(head);
    return 0;
}
