// How much of a request has come, which is asked before a thread is taken for it: no thread works for a client that is
// still sending, unless it sends a file.
//
// A request can be worked on once it is whole. One with the body of a file, and one that will be refused by its head,
// are whole with their heads.
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
    // What is to be held of a request's body, by its method and target; and whether it asks for this node's health.
    struct Plan {
        std::int64_t most_held = 0;  // bytes; a longer body is refused by its head
        bool is_health = false;
        bool is_file = false;
        bool needs_credential = false;  // without one it is refused by its head
    };
    using Planner = std::function<Plan(std::string_view method, std::string_view target)>;

    static constexpr std::size_t kMaxHead = 64 << 10;  // bytes; a longer one is refused
    // More fields than the edge takes, which adds some of its own.
    static constexpr http::HeadLimits kLimits{.max_fields = 1024};

    // `bytes`: all that has come, from the request's first byte; what was shown before is at their front again.
    bool is_whole(std::string_view bytes, const Planner& planner);

    bool in_head() const noexcept { return !head_; }
    const Plan& plan() const noexcept { return plan_; }  // Requires: !in_head()

    // True once: the client waits for a 100 (Continue) before it sends the body (RFC 9110 section 10.1.1).
    bool take_expectation() noexcept;

private:
    void read_head(std::string_view head, const Planner& planner);
    bool waits_for_body(const http::RequestHead& head) const;
    bool body_ends(std::string_view bytes);

    bool head_ = false;  // is whole
    http::HeadScanner scanner_;
    Plan plan_;
    bool expects_ = false;
    bool chunked_ = false;
    std::uint64_t length_ = 0;  // of all that there is to wait for, unless it is chunked
    std::size_t read_ = 0;      // the same, of a chunked body: what was looked at
    std::uint64_t data_ = 0;    // bytes of its chunks so far
    http::ChunkedDecoder decoder_;
    bool ended_ = false;  // nothing more of it is to be waited for
};

}  // namespace bodega::web
