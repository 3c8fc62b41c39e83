// An exchange without a connection, which collects the answers of handlers.
#pragma once

#include <algorithm>
#include <string>

#include "edge/exchange/exchange.h"
#include "http/head_scanner.h"
#include "http/parser.h"
#include "net/task.h"

namespace bodega::test {

class FakeExchange final : public edge::Exchange {
public:
    // `head`: a whole request head; must outlive the exchange.
    FakeExchange(net::Loop& loop, std::string_view head) : wakeup_(loop) {
        http::parse_request(head, {}, request_);
        request_id_ = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    }

    int status = 0;
    std::string fields;
    std::optional<std::uint64_t> length;
    std::string sent;
    bool finished = false;
    std::size_t room = std::string::npos;  // bytes that a write takes before it blocks

    std::string_view address() const noexcept override { return "192.0.2.1"; }
    std::string_view scheme() const noexcept override { return "http"; }
    net::Wakeup& wakeup() noexcept override { return wakeup_; }
    net::Ledger& ledger() noexcept override { return ledger_; }
    Body poll_body() override { return Body::complete; }
    std::string_view body_bytes() const override { return {}; }
    void consume_body(std::size_t) override {}
    void inform(int, std::string_view) override {}
    void begin(const edge::Answer& answer) override {
        status = answer.status;
        fields = answer.fields;
        length = answer.length;
    }
    Write write(std::string_view& data) override {
        std::size_t some = std::min(room, data.size());
        if (request_.method != http::Method::head) sent.append(data.substr(0, some));
        data.remove_prefix(some);
        return data.empty() ? Write::done : Write::blocked;
    }
    Write write_file(int, off_t&, std::uint64_t&) override { return Write::gone; }
    void append(std::string_view data) override { sent.append(data); }
    void finish() override { finished = true; }
    bool begun() const noexcept override { return status != 0; }
    void release_head() override {}
    net::Moment deadline() const noexcept override { return net::kNever; }
    bool gone() const noexcept override { return false; }
    bool half_closed() const noexcept override { return false; }

private:
    net::Wakeup wakeup_;
    net::BufferPool buffer_pool_;
    net::Ledger ledger_{buffer_pool_};
};

// Runs a task to its end, or to its first wait.
inline net::Detached run(net::Task<void> task) { co_await task; }

}  // namespace bodega::test
