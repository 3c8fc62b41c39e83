// Converts the HTTP/2 fields of a request into an HTTP/1.1 head (RFC 9113 section 8.3).
//
// So one parser checks both protocols. It rejects the same heads, and an upstream gets the same head from both.
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
    // max_size: limit for the names and values of all fields, with 32 additional bytes for each field, as in
    // SETTINGS_MAX_HEADER_LIST_SIZE.
    explicit Http2Head(std::size_t max_size) noexcept : max_size_(max_size) {}

    // Adds a copy of one decoded field. Call it in the order of the header block. Fields beyond the limit are counted
    // but not stored.
    void add(std::string_view name, std::string_view value);
    // Counts the size of a trailer field. The field itself is not used.
    void count(std::string_view name, std::string_view value) noexcept;
    std::size_t size() const noexcept { return size_; }
    std::size_t memory() const noexcept;  // memory of this object in bytes

    // Fills `head`, whose views then refer to the Http2Head. Returns the reason if the request is rejected. Call it
    // once.
    enum class Ends : bool { with_its_head, with_a_body };
    std::optional<http::Refusal> parse(const http::HeadLimits& limits, Ends ends, http::RequestHead& head);

    // Frees all memory except `text`, to which `head` refers from then on.
    void replace(std::string text) noexcept;

private:
    void add_pseudo(std::string_view name, std::string_view value);
    std::optional<http::Refusal> write();
    void drop_parts() noexcept;

    const std::size_t max_size_;
    std::size_t size_ = 0;
    const char* error_ = nullptr;  // the reason why the request is not valid, or null
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
