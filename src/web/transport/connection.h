// An accepted connection as httplib's Stream. Buffers both directions, so a small request needs one receive and one
// send.
//
// Blocking. The caller limits the wait for the first byte of a request; a read within a request waits until a deadline
// (Timeouts).
//
// If the acceptor holds requests until they are complete (arrival.h), only a read of a file's body waits. The
// connection also keeps up to kMaxUnsent bytes of an answer that the client does not receive at once, and the acceptor
// sends them. If more bytes are unsent, a write waits for the client and occupies one of a limited number of slots
// (send_slots.h). Used by one thread at a time.
#pragma once

#include <httplib.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "web/transport/arrival.h"
#include "web/transport/memory_budget.h"
#include "web/transport/send_slots.h"
#include "web/transport/transport.h"

namespace bodega::web {

struct Timeouts {
    config::Duration head;  // from a request's first byte to its blank line
    config::Duration body;  // between two reads of a request or two writes of an answer
};

class Connection final : public httplib::Stream {
public:
    // peer_address: the client's numeric address; empty for a unix socket and a pipe.
    Connection(std::shared_ptr<Transport> transport, std::string peer_address, Timeouts timeouts);
    ~Connection() override;

    enum class Readiness : std::uint8_t { ready, idle, closed };
    // Waits at most `limit` for the first byte of the next request. With a limit of zero it does not wait.
    Readiness await_request(std::chrono::milliseconds limit);

    // Starts the deadline by which the complete head has to arrive.
    void begin_request();
    // Discards the state of the answered request, so that the next one can begin.
    void end_request() noexcept { request_ = {}; }

    // Returns the head at the start of input(), including its blank line, without consuming it. If waits are
    // allowed, waits until the deadline of begin_request(). Returns an empty head if the head is malformed, too long or
    // incomplete.
    std::string_view await_head();
    void consume(std::size_t count) noexcept { begin_ += count; }  // discards bytes from the start of input()
    // Makes httplib read this text before input(). The text has to live until httplib has read it.
    void present(std::string_view head) noexcept { request_.presented = head; }
    // Skips one empty line before a request, if nothing else of the request has arrived (RFC 9112 section 2.2).
    void skip_empty_line() noexcept;
    // Decides whether the thread that works on the request may wait for more input. It may by default.
    void allow_waits(bool allow) noexcept { request_.may_wait = allow; }
    // How much of the request at the start of input() has arrived.
    Arrival& arrival() noexcept { return request_.arrival; }

    // --- before a thread works on the connection
    enum class Filled : std::uint8_t { some, nothing, ended };
    // Reads at most one piece and appends it to input(). Waits at most `limit` for input.
    Filled fill(std::chrono::milliseconds limit = std::chrono::milliseconds::zero());
    std::string_view input() const noexcept { return {in_.data() + begin_, end_ - begin_}; }
    bool is_watched = false;  // true if the acceptor's epoll watches the connection
    void hold_by(std::shared_ptr<MemoryBudget> budget, std::shared_ptr<SendSlots> slots) {
        budget_ = std::move(budget);
        slots_ = std::move(slots);
    }
    // Sends as much as possible without waiting and drops the rest. Requires: no earlier answer is unsent.
    void send_now(std::string_view text) { static_cast<void>(transport_->send_now(text)); }

    // The most bytes of an answer that are kept for a slow client.
    static constexpr std::size_t kMaxUnsent = 1 << 20;

    // --- httplib::Stream. A negative result is an error; 0 is the end of input.
    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    // Not used. httplib would refuse a descriptor above FD_SETSIZE.
    socket_t socket() const override { return INVALID_SOCKET; }

    // Waits for bytes of the body and puts them into input(). Returns false on an error, a timeout or the end of input.
    // Requires: !has_input()
    bool await_body();
    // Reads bytes of the body, with a new deadline for each call. Returns -1 on an error or a timeout, 0 at the end of
    // input.
    ssize_t read_body(std::span<char> buffer);

    // Sends what write() has buffered. If the acceptor sends answers, sends only as much as possible without waiting.
    // Returns false if the connection is closed or has failed.
    bool flush();
    bool has_output() const noexcept { return !out_.empty(); }
    std::size_t unsent() const noexcept { return out_.size(); }
    bool has_input() const noexcept { return begin_ < end_; }

    // Shuts down sending, then for a short time drops what the client still sends. Closing a connection with unread
    // bytes would cause a reset, which can destroy an answer that the client has not received yet.
    void close_gently();
    void end_answers();  // sends what is buffered, then shuts down sending

    const std::shared_ptr<Transport>& transport() const noexcept { return transport_; }
    const std::string& peer_address() const noexcept { return peer_address_; }

    // Parks the connection between two requests. Set when the connection is accepted.
    std::function<void(std::unique_ptr<Connection>)> park;
    // True if the client is the edge of this process, which can write bodies to files itself
    // (base/upload_conversation.h).
    bool to_own_edge = false;
    // True if a thread may wait a short time for the next request, because that costs less than parking.
    bool lingers = false;
    // Takes over the connection when its last answer is sent and it has to be closed. If empty, the thread that sent
    // the answer closes the connection.
    std::function<void(std::unique_ptr<Connection>)> end;

    void release_buffers();  // frees the memory of the buffers; called before a long wait
    void discard_input() noexcept { begin_ = end_ = 0; }

private:
    struct Request {
        Arrival arrival;
        base::Steady::time_point deadline{};
        std::string_view presented;
        bool may_wait = true;       // true if the thread that works on the request may wait for more input
        bool skipped_line = false;  // true if an empty line was skipped before the request
    };

    ssize_t receive(std::span<char> to);
    bool refill();
    void count_memory() noexcept;
    bool keeps_answers() const noexcept { return slots_ != nullptr; }
    bool send_all(const char* from, std::size_t size);
    bool send_kept();
    ssize_t write_kept(const char* from, std::size_t size);

    const std::shared_ptr<Transport> transport_;
    const std::string peer_address_;
    const Timeouts timeouts_;
    // Shared by the acceptor and all its connections. If null, the memory is not counted.
    std::shared_ptr<MemoryBudget> budget_;
    std::shared_ptr<SendSlots> slots_;  // shared by the acceptor and all its connections; may be null
    std::size_t counted_ = 0;
    std::vector<char> in_;
    std::size_t begin_ = 0, end_ = 0;  // range of the unread bytes in in_
    std::string out_;
    Request request_;  // state of the current or the next request
};

}  // namespace bodega::web
