// Builds the HTTP/1.1 head that a request's HTTP/2 fields stand for (RFC 9113 section 8.3).
//
// One parser therefore checks both protocols: it rejects the same heads, and an upstream gets the same head from
// either.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/parser.h"

namespace bodega::edge {

class Http2Head {
public:
    // max_size limits the total of field names and values, counted as SETTINGS_MAX_HEADER_LIST_SIZE does: with 32
    // bytes more per field.
    explicit Http2Head(std::size_t max_size) noexcept : max_size_(max_size) {}

    // Adds a copy of one decoded field, in the order of its block. Nothing beyond the limit is kept.
    void add(std::string_view name, std::string_view value);
    // Like add(), for a trailer: only its size counts, since trailers are not used.
    void count(std::string_view name, std::string_view value) noexcept;
    std::size_t size() const noexcept { return size_; }
    std::size_t memory() const noexcept;  // bytes held

    // Fills `head`, which points into this object, or returns why the request is rejected. Call once.
    enum class Ends : bool { with_its_head, with_a_body };
    std::optional<http::Refusal> parse(const http::HeadLimits& limits, Ends ends, http::RequestHead& head);

    // Replaces everything held with `text`, which `head` points into from now on.
    void replace(std::string text) noexcept;

private:
    void add_pseudo(std::string_view name, std::string_view value);
    std::optional<http::Refusal> write();
    void drop_parts() noexcept;

    const std::size_t max_size_;
    std::size_t size_ = 0;
    const char* error_ = nullptr;  // why it is not a valid request
    bool has_length_ = false;
    std::string method_;
    std::string scheme_;
    std::string path_;
    std::string authority_;
    std::string lines_;
    std::string cookies_;
    std::string text_;
};

}  // namespace bodega::edge
