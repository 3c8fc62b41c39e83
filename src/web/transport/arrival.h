// Tracks how much of a request has arrived, so that no thread works for a client that is still sending, unless it sends
// a file.
//
// A thread can work on a request once it is whole. A request whose body is a file counts as whole with its head, and so
// does one that will be refused by its head.
// Belongs to one connection.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "http/chunked.h"
#include "http/head_scanner.h"
#include "http/parser.h"

namespace bodega::web {

class Arrival {
public:
    // How much of a request's body to hold, by method and target, and whether it asks for this node's health.
    struct Plan {
        std::int64_t most_held = 0;  // bytes; a request with a longer body is refused by its head
        bool is_health = false;
        bool is_file = false;
        bool needs_credential = false;  // without one, the request is refused by its head
    };
    using Planner = std::function<Plan(std::string_view method, std::string_view target)>;

    static constexpr std::size_t kMaxHead = 64 << 10;  // bytes; a longer head is refused
    // More fields than the edge accepts, because the edge adds some of its own.
    static constexpr http::HeadLimits kLimits{.max_fields = 1024};

    // `bytes`: everything received, from the request's first byte. Each call repeats the bytes of the call before it.
    bool is_whole(std::string_view bytes, const Planner& planner);

    bool in_head() const noexcept { return !head_; }
    const Plan& plan() const noexcept { return plan_; }  // Requires: !in_head()

    // True once, if the client waits for a 100 (Continue) before it sends the body (RFC 9110 section 10.1.1).
    bool take_expectation() noexcept;

private:
    void read_head(std::string_view head, const Planner& planner);
    bool waits_for_body(const http::RequestHead& head) const;
    bool body_ends(std::string_view bytes);

    bool head_ = false;  // the head is whole
    http::HeadScanner scanner_;
    Plan plan_;
    bool expects_ = false;
    bool chunked_ = false;
    std::uint64_t length_ = 0;  // bytes of head and body; unused for a chunked body
    std::size_t read_ = 0;      // bytes of a chunked request that were scanned
    std::uint64_t data_ = 0;    // bytes of chunk data so far
    http::ChunkedDecoder decoder_;
    bool ended_ = false;  // waits for no more input
};

}  // namespace bodega::web
