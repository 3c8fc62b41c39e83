// Tracks how much of a request has arrived, so that no thread works for a client that is still sending, unless the
// client sends a file.
//
// A thread works on a request when the request is complete. Two kinds of requests count as complete when only their
// head is: a request whose body is a file, and a request that is refused because of its head. An object belongs to one
// connection.
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
    // How a request with a given method and target is received: how much of the body is held before a thread works, and
    // whether the request is a health check.
    struct Plan {
        // Limit of the body in bytes; a longer body is refused when its head has arrived.
        std::int64_t max_held = 0;
        bool is_health = false;
        bool is_file = false;
        bool needs_credential = false;  // true if a request without a credential is refused when its head has arrived
    };
    using Planner = std::function<Plan(std::string_view method, std::string_view target)>;

    static constexpr std::size_t kMaxHead = 64 << 10;  // bytes; longer heads are refused
    // Allows more fields than the edge does, because the edge adds some of its own.
    static constexpr http::HeadLimits kLimits{.max_fields = 1024};

    // `bytes`: everything that was received from the request's first byte on, including the bytes of earlier calls.
    bool is_whole(std::string_view bytes, const Planner& planner);

    bool in_head() const noexcept { return !head_; }
    const Plan& plan() const noexcept { return plan_; }  // requires: !in_head()

    // Returns true once, if the client waits for a 100 (Continue) before sending the body (RFC 9110 section 10.1.1).
    bool take_expectation() noexcept;

private:
    void read_head(std::string_view head, const Planner& planner);
    bool waits_for_body(const http::RequestHead& head) const;
    bool body_ends(std::string_view bytes);

    bool head_ = false;  // true if the head is complete
    http::HeadScanner scanner_;
    Plan plan_;
    bool expects_ = false;
    bool chunked_ = false;
    std::uint64_t length_ = 0;  // bytes of head and body; not used for a chunked body
    std::size_t read_ = 0;      // bytes of a chunked request that were parsed
    std::uint64_t data_ = 0;    // bytes of chunk data that were parsed
    http::ChunkedDecoder decoder_;
    bool ended_ = false;  // true if the body needs no more input
};

}  // namespace bodega::web
