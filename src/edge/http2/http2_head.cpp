#include "edge/http2/http2_head.h"

#include <utility>

#include "http/syntax.h"
#include "http/target.h"

namespace bodega::edge {
namespace {

// Bytes that are counted for each field in addition to its text (RFC 9113 section 6.5.2).
constexpr std::size_t kFieldOverhead = 32;

// True for connection-specific fields, which HTTP/2 forbids (RFC 9113 section 8.2.2).
bool is_of_connection(http::Name id) noexcept {
    switch (id) {
        case http::Name::connection:
        case http::Name::keep_alive:
        case http::Name::proxy_connection:
        case http::Name::transfer_encoding:
        case http::Name::upgrade: return true;
        default: return false;
    }
}

bool has_upper(std::string_view name) noexcept {
    for (char c : name)
        if (c >= 'A' && c <= 'Z') return true;
    return false;
}

// Returns why a field is invalid, or null. Rejects bytes that could end a line of the HTTP/1.1 head, even if the HPACK
// decoder has accepted them.
const char* field_error(std::string_view name, std::string_view value, http::Name id) noexcept {
    if (!http::is_token(name) || has_upper(name)) return "A header field's name is malformed.";
    if (!http::all_of(value, http::kFieldValue)) return "A header field is malformed.";
    if (is_of_connection(id)) return "HTTP/2 forbids connection-specific header fields.";
    if (id == http::Name::te && !http::equal_ignoring_case(value, "trailers"))
        return "TE has a value other than trailers.";
    return nullptr;
}

}  // namespace

void Http2Head::count(std::string_view name, std::string_view value) noexcept {
    size_ += name.size() + value.size() + kFieldOverhead;
}

std::size_t Http2Head::memory() const noexcept {
    std::size_t sum = 0;
    for (const std::string* text : {&method_, &scheme_, &path_, &authority_, &lines_, &cookies_, &text_})
        sum += text->capacity();
    return sum;
}

// Frees the fields' separate strings, since text_ now contains them. Assigning empty strings would keep their memory.
void Http2Head::drop_parts() noexcept {
    for (std::string* text : {&method_, &scheme_, &authority_, &lines_, &cookies_}) std::string().swap(*text);
}

void Http2Head::replace(std::string text) noexcept {
    drop_parts();
    std::string().swap(path_);
    text_ = std::move(text);
}

void Http2Head::add(std::string_view name, std::string_view value) {
    count(name, value);
    if (size_ > max_size_) return;
    if (name.starts_with(':')) return add_pseudo(name, value);
    http::Name id = http::classify(name);
    if (const char* error = field_error(name, value, id)) {
        error_ = error;
        return;
    }
    if (id == http::Name::content_length) has_length_ = true;
    if (name == "cookie") {
        // HTTP/2 allows several Cookie fields (RFC 9113 section 8.2.3). HTTP/1.1 has only one, so they are joined.
        if (!cookies_.empty()) cookies_ += "; ";
        cookies_ += value;
    } else if (id == http::Name::host && authority_.empty()) {
        authority_ = value;
    } else if (id == http::Name::host) {
        if (!http::same_authority(authority_, value, scheme_)) error_ = ":authority and Host name different hosts.";
    } else {
        lines_.append(name).append(": ").append(value).append("\r\n");
    }
}

void Http2Head::add_pseudo(std::string_view name, std::string_view value) {
    std::string* member = name == ":method"      ? &method_
                          : name == ":path"      ? &path_
                          : name == ":scheme"    ? &scheme_
                          : name == ":authority" ? &authority_
                                                 : nullptr;
    if (!member || !member->empty()) error_ = "A pseudo-header field is unknown or repeated.";
    else *member = value;
}

// Writes the fields as an HTTP/1.1 head into text_. Returns the reason if that is not possible.
std::optional<http::Refusal> Http2Head::write() {
    if (method_ == "CONNECT") return http::Refusal{501, "CONNECT is not supported."};
    bool http = http::equal_ignoring_case(scheme_, "http") || http::equal_ignoring_case(scheme_, "https");
    if (!http) return http::Refusal{400, "The scheme is neither http nor https."};
    if (!http::is_token(method_)) return http::Refusal{400, "The method is malformed."};
    bool has_form = path_.starts_with('/') || path_ == "*";
    if (!has_form || !http::all_of(path_, http::kTarget)) return http::Refusal{400, "The request target is malformed."};
    if (!http::all_of(authority_, http::kTarget)) return http::Refusal{400, "The Host field is malformed."};
    text_.reserve(method_.size() + path_.size() + authority_.size() + lines_.size() + cookies_.size() + 48);
    text_.append(method_).append(" ").append(path_).append(" HTTP/1.1\r\nHost: ").append(authority_).append("\r\n");
    text_.append(lines_);
    if (!cookies_.empty()) text_.append("Cookie: ").append(cookies_).append("\r\n");
    text_.append("\r\n");
    return std::nullopt;
}

std::optional<http::Refusal> Http2Head::parse(const http::HeadLimits& limits, Ends ends, http::RequestHead& head) {
    head.clear();
    // The access log needs the path even if the head is rejected.
    head.path = std::string_view(path_).substr(0, path_.find('?'));
    if (size_ > max_size_) return http::Refusal{431, "The request head is too long."};
    if (error_) return http::Refusal{400, error_};
    if (auto refused = write()) return refused;
    drop_parts();
    if (auto refused = http::parse_request(text_, limits, head)) return refused;
    std::string().swap(path_);
    if (ends == Ends::with_its_head) {
        if (head.body.length > 0)
            return http::Refusal{400, "Content-Length declares a body, but the request has none."};
        head.body = {};
        head.expects_continue = false;
    } else if (!has_length_) {
        head.body.kind = http::Framing::Kind::chunked;
        for (const http::Field& field : head.fields)
            if (field.id == http::Name::expect) head.expects_continue = true;
    }
    return std::nullopt;
}

}  // namespace bodega::edge
