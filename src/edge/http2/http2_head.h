// A request's fields as HTTP/2 carries them, put together as the head that HTTP/1.1 would have (RFC 9113 section 8.3).
//
// So one parser judges both: what it refuses there it refuses here, and an upstream is told the same either way.
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
    // What the fields' names and values may have in all, as SETTINGS_MAX_HEADER_LIST_SIZE counts: 32 bytes a field
    // more.
    explicit Http2Head(std::size_t max_size) noexcept : max_size_(max_size) {}

    // One decoded field, in the order of its block; copied. Of what is beyond the limit nothing is kept.
    void add(std::string_view name, std::string_view value);
    // As add, of a trailer: nobody here wants them.
    void count(std::string_view name, std::string_view value) noexcept;
    std::size_t size() const noexcept { return size_; }
    std::size_t memory() const noexcept;  // bytes that are held for it

    // Fills `head`, which points into this object, or says why not. Once.
    enum class Ends : bool { with_its_head, with_a_body };
    std::optional<http::Refusal> parse(const http::HeadLimits& limits, Ends ends, http::RequestHead& head);

    // In place of all that is held: what `head` points into from now on.
    void replace(std::string text) noexcept;

private:
    void add_pseudo(std::string_view name, std::string_view value);
    std::optional<http::Refusal> write();
    void drop_parts() noexcept;

    const std::size_t max_size_;
    std::size_t size_ = 0;
    const char* fault_ = nullptr;  // why it is no request
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
