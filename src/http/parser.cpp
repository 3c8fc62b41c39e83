#include "http/parser.h"

#include <cstring>

#include "http/syntax.h"
#include "http/target.h"

namespace bodega::http {
namespace {

constexpr std::size_t kUsualFields = 16;
constexpr Refusal kBadLine{400, "The request line is malformed."};
constexpr Refusal kBadCoding{400, "Transfer-Encoding does not end in chunked, or is malformed."};
constexpr Refusal kBadField{400, "A header field is malformed."};

// Returns the length of the field value at the start of `text`. Checks eight bytes at once while all of them are valid
// ASCII or obs-text.
std::size_t span_of_value(std::string_view text) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    constexpr std::uint64_t kHighs = 0x8080808080808080ULL;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, 8);
        std::uint64_t below_space = (word - kOnes * 0x20) & ~word & kHighs;
        std::uint64_t flipped = word ^ (kOnes * 0x7f);
        std::uint64_t deletes = (flipped - kOnes) & ~flipped & kHighs;
        if (below_space | deletes) break;
    }
    return i + span_of(text.substr(i), kFieldValue);
}

// Removes one field line with its CRLF from the front of `bytes`.
bool take_field(std::string_view& bytes, Field& field) noexcept {
    std::size_t colon = span_of(bytes, kToken);
    if (colon == 0 || colon == bytes.size() || bytes[colon] != ':') return false;
    field.name = bytes.substr(0, colon);
    bytes.remove_prefix(colon + 1);
    std::size_t end = span_of_value(bytes);
    if (end + 2 > bytes.size() || bytes[end] != '\r' || bytes[end + 1] != '\n') return false;
    field.value = trim(bytes.substr(0, end));
    field.id = classify(field.name);
    bytes.remove_prefix(end + 2);
    return true;
}

Method method_of(std::string_view name) noexcept {
    struct Known {
        std::string_view name;
        Method method;
    };
    static constexpr Known kKnown[] = {
        {"GET", Method::get},         {"HEAD", Method::head},       {"POST", Method::post},
        {"PUT", Method::put},         {"PATCH", Method::patch},     {"DELETE", Method::delete_},
        {"OPTIONS", Method::options}, {"CONNECT", Method::connect}, {"TRACE", Method::trace},
    };
    for (const Known& known : kKnown)
        if (known.name == name) return known.method;
    return Method::other;
}

// Accepts "HTTP/1.1" and "HTTP/1.0". Returns a 505 for another version, and a 400 for other text.
std::optional<Refusal> read_version(std::string_view text, int& minor) {
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 8 || text.substr(0, 5) != "HTTP/" || !digit(text[5]) || text[6] != '.' || !digit(text[7]))
        return kBadLine;
    if (text[5] != '1' || text[7] > '1') return Refusal{505, "This server speaks HTTP/1.1 and HTTP/1.0."};
    minor = text[7] - '0';
    return std::nullopt;
}

std::optional<Refusal> read_request_line(std::string_view& bytes, const HeadLimits& limits, RequestHead& head,
                                         std::string_view& target) {
    std::size_t method_end = span_of(bytes, kToken);
    if (method_end > kMaxMethod) return Refusal{501, "The method is too long: no known method has this length."};
    if (method_end == 0 || bytes[method_end] != ' ') return kBadLine;
    head.method_name = bytes.substr(0, method_end);
    head.method = method_of(head.method_name);
    bytes.remove_prefix(method_end + 1);
    std::size_t target_end = span_of(bytes, kTarget);
    if (target_end == 0 || bytes[target_end] != ' ') return kBadLine;
    if (target_end > limits.max_target) return Refusal{414, "The request target is too long."};
    target = bytes.substr(0, target_end);
    // set before the version is checked, so that a rejected line has a path too
    head.path = target.substr(0, target.find('?'));
    bytes.remove_prefix(target_end + 1);
    std::size_t line_end = bytes.find("\r\n");
    if (auto refused = read_version(bytes.substr(0, line_end), head.minor)) return refused;
    bytes.remove_prefix(line_end + 2);
    return std::nullopt;
}

// The options in Connection: close, keep-alive, and names of other fields (RFC 9110 section 7.6.1).
struct ConnectionOptions {
    bool close = false;
    bool keep_alive = false;
    bool names = false;

    bool read(std::string_view list) noexcept {
        while (auto element = next_element(list)) {
            if (!is_token(*element)) return false;
            if (equal_ignoring_case(*element, "close")) close = true;
            else if (equal_ignoring_case(*element, "keep-alive")) keep_alive = true;
            else names = true;
        }
        return true;
    }
    bool persists(int minor) const noexcept { return !close && (minor >= 1 || keep_alive); }
};

// The body's end is known only if chunked is the last coding and occurs once; otherwise the answer is 400 (RFC 9112
// section 6.3). Codings before chunked are not supported: 501 (section 6.1).
Refusal refusal_of(std::string_view codings) noexcept {
    std::string_view last;
    std::size_t count = 0;
    bool chunked_before = false;
    while (auto element = next_element(codings)) {
        chunked_before = chunked_before || equal_ignoring_case(last, "chunked");
        last = *element;
        ++count;
        if (!is_token(last.substr(0, last.find(';')))) return kBadCoding;
    }
    const bool framed = count > 1 && !chunked_before && equal_ignoring_case(last, "chunked");
    return framed ? Refusal{501, "The only supported transfer coding is chunked."} : kBadCoding;
}

// The fields that frame the message. Content-Length and Transfer-Encoding may occur at most once each.
struct FramingFields {
    std::optional<std::string_view> length;
    std::optional<std::string_view> coding;
    ConnectionOptions connection;

    std::optional<Refusal> read(const Field& field) {
        if (field.id == Name::content_length) {
            if (length) return Refusal{400, "Content-Length is repeated."};
            length = field.value;
        } else if (field.id == Name::transfer_encoding) {
            if (coding) return Refusal{400, "Transfer-Encoding is repeated."};
            coding = field.value;
        } else if (field.id == Name::connection && !connection.read(field.value)) {
            return Refusal{400, "The Connection field is malformed."};
        }
        return std::nullopt;
    }

    // Finds the body's end as RFC 9112 section 6.3 says, but rejects messages that a recipient may tolerate there.
    std::optional<Refusal> frame(int minor, Framing& framing) const {
        if (coding) {
            if (length) return Refusal{400, "Content-Length and Transfer-Encoding are both present."};
            if (minor == 0) return Refusal{400, "Transfer-Encoding is not part of HTTP/1.0."};
            if (!equal_ignoring_case(*coding, "chunked")) return refusal_of(*coding);
            framing.kind = Framing::Kind::chunked;
        } else if (length) {
            auto value = decimal(*length);
            if (!value) return Refusal{400, "Content-Length is not a number."};
            framing.kind = Framing::Kind::length;
            framing.length = *value;
        }
        return std::nullopt;
    }
};

// Reads the request fields that the server itself uses; `host` gets the Host field's value.
std::optional<Refusal> read_request_fields(RequestHead& head, std::optional<std::string_view>& host) {
    FramingFields framing;
    for (const Field& field : head.fields) {
        if (auto refused = framing.read(field)) return refused;
        if (field.id == Name::host) {
            if (host) return Refusal{400, "Host is repeated."};
            host = field.value;
        } else if (field.id == Name::expect) {
            if (!equal_ignoring_case(field.value, "100-continue"))
                return Refusal{417, "The only supported expectation is 100-continue."};
            head.expects_continue = head.minor >= 1;
        }
    }
    if (auto refused = framing.frame(head.minor, head.body)) return refused;
    if (head.body.kind == Framing::Kind::length && head.body.length == 0) head.body.kind = Framing::Kind::none;
    if (head.body.kind == Framing::Kind::none) head.expects_continue = false;
    head.keep_alive = framing.connection.persists(head.minor);
    head.has_connection_names = framing.connection.names;
    return std::nullopt;
}

std::optional<Refusal> read_status_line(std::string_view& bytes, ResponseHead& head) {
    constexpr Refusal kBadStatus{502, "The status line is malformed."};
    std::size_t end = bytes.find("\r\n");
    std::string_view line = bytes.substr(0, end);
    if (line.size() < 12 || line[8] != ' ' || read_version(line.substr(0, 8), head.minor)) return kBadStatus;
    auto status = decimal(line.substr(9, 3));
    if (!status || *status < 100 || *status > 599) return kBadStatus;
    // Servers often omit the space before an empty reason phrase, so such a line is accepted.
    if (line.size() > 12 && (line[12] != ' ' || !all_of(line.substr(13), kFieldValue))) return kBadStatus;
    head.status = static_cast<int>(*status);
    bytes.remove_prefix(end + 2);
    return std::nullopt;
}

bool is_bodiless(int status, Method method) noexcept {
    return method == Method::head || status < 200 || status == 204 || status == 304;
}

}  // namespace

bool is_safe(Method method) noexcept {
    return method == Method::get || method == Method::head || method == Method::options || method == Method::trace;
}

bool is_idempotent(Method method) noexcept {
    switch (method) {
        case Method::get:
        case Method::head:
        case Method::put:
        case Method::delete_:
        case Method::options:
        case Method::trace: return true;
        default: return false;
    }
}

void RequestHead::clear() noexcept {
    Fields kept = std::move(fields);
    kept.clear();
    *this = RequestHead{};
    fields = std::move(kept);
}

void ResponseHead::clear() noexcept {
    Fields kept = std::move(fields);
    kept.clear();
    *this = ResponseHead{};
    fields = std::move(kept);
}

std::optional<Refusal> parse_fields(std::string_view bytes, std::size_t max_fields, Fields& fields) {
    fields.reserve(kUsualFields);
    while (bytes != "\r\n") {
        if (fields.size() == max_fields) return Refusal{431, "There are too many header fields."};
        if (!take_field(bytes, fields.emplace_back())) return kBadField;
    }
    return std::nullopt;
}

std::optional<Refusal> parse_request(std::string_view bytes, const HeadLimits& limits, RequestHead& head) {
    head.clear();
    std::string_view target;
    if (auto refused = read_request_line(bytes, limits, head, target)) return refused;
    if (auto refused = parse_fields(bytes, limits.max_fields, head.fields)) return refused;
    std::optional<std::string_view> host;
    if (auto refused = read_request_fields(head, host)) return refused;
    if (!limits.needs_host && host == "") host.reset();
    if (limits.needs_host && !host && head.minor >= 1) return Refusal{400, "Host is missing."};
    return read_target(target, host, limits.carrier, head);
}

std::optional<Refusal> parse_response(std::string_view bytes, const HeadLimits& limits, Method method,
                                      ResponseHead& head) {
    head.clear();
    if (auto refused = read_status_line(bytes, head)) return refused;
    if (auto refused = parse_fields(bytes, limits.max_fields, head.fields)) return refused;
    FramingFields framing;
    for (const Field& field : head.fields)
        if (auto refused = framing.read(field)) return refused;
    if (auto refused = framing.frame(head.minor, head.body)) return refused;
    // RFC 9112 section 6.1: neither 1xx nor 204 may have Transfer-Encoding. A peer that sends it frames messages
    // differently, so the response is rejected.
    if ((head.status < 200 || head.status == 204) && head.body.kind == Framing::Kind::chunked)
        return Refusal{502, "A response that has no body has a transfer coding."};
    // RFC 9110 section 8.6: a 1xx or 204 may not have Content-Length. The peer may send that body or not, so the
    // connection is not used again.
    bool odd_length = (head.status < 200 || head.status == 204) && head.body.length > 0;
    if (odd_length && head.status < 200) return Refusal{502, "An interim response declares a body."};
    if (is_bodiless(head.status, method)) head.body = {};
    else if (head.body.kind == Framing::Kind::none) head.body.kind = Framing::Kind::until_close;
    head.keep_alive =
        framing.connection.persists(head.minor) && head.body.kind != Framing::Kind::until_close && !odd_length;
    head.has_connection_names = framing.connection.names;
    return std::nullopt;
}

}  // namespace bodega::http
