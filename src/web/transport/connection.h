// One accepted connection as httplib's Stream. It buffers in both directions, so a small request takes one receive and
// one send.
//
// Blocking. A wait for a first byte ends after a short limit; a read within a request waits until its deadline. Where
// the acceptor holds requests until they are whole (arrival.h), a read waits only for the body of a file. There the
// connection also keeps up to kMostUnsent bytes of an answer that its client does not take at once, and the acceptor
// sends them. Beyond that, a write waits for the client, and takes one of a bounded number of slots. Used by one thread
// at a time.
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

class Connection final : public httplib::Stream {
public:
    // peer_address: the numeric address; empty for a unix socket and a pipe.
    Connection(std::shared_ptr<Transport> transport, std::string peer_address, config::Duration io_timeout);
    ~Connection() override;

    enum class Readiness : std::uint8_t { ready, idle, closed };
    // Waits at most `limit` for the next request's first byte. Zero: checks without waiting.
    Readiness await_request(std::chrono::milliseconds limit);

    // Starts the deadline by which the whole head must arrive, however slowly its bytes come.
    void begin_request();

    // Returns the head at the front of input(), through its blank line, and leaves it there. Waits until the deadline
    // of begin_request() if may_wait is set. Empty: the head is malformed, too long, or did not arrive.
    std::string_view await_head();
    void consume(std::size_t count) noexcept { begin_ += count; }  // bytes of input()
    // httplib reads this text next, before input(). The text must outlive that reading.
    void present(std::string_view head) noexcept {
        presented_ = head;
        skipped_line_ = false;
    }
    // RFC 9112 section 2.2: skips one empty line before a request, if nothing of the request has arrived.
    void skip_empty_line() noexcept;

    // --- before a thread is taken
    enum class Filled : std::uint8_t { some, nothing, ended };
    // Reads at most one piece and appends it to the unread input. Waits for it at most `limit`.
    Filled fill(std::chrono::milliseconds limit = std::chrono::milliseconds::zero());
    std::string_view input() const noexcept { return {in_.data() + begin_, end_ - begin_}; }
    Arrival arrival;          // of the request at the front of input(), whole or not
    bool may_wait = true;     // whether a thread that works on the request may wait for more of it
    bool is_watched = false;  // registered with the acceptor's epoll
    void hold_by(std::shared_ptr<MemoryBudget> budget, std::shared_ptr<SendSlots> slots) {
        budget_ = std::move(budget);
        slots_ = std::move(slots);
    }
    // Sends what fits without waiting. Requires: no part of an earlier answer is unsent.
    void send_now(std::string_view text) { static_cast<void>(transport_->send_now(text)); }

    static constexpr std::size_t kMostUnsent = 1 << 20;  // bytes

    // --- httplib::Stream; a negative result is an error, 0 the end
    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    // httplib would refuse descriptors above FD_SETSIZE, but never uses them here.
    socket_t socket() const override { return INVALID_SOCKET; }

    // Waits for body bytes and puts them into input(). False: an error, a timeout or the end. Requires: !has_input()
    bool await_body();
    // Reads body bytes, with a new deadline for each call. -1: an error or a timeout; 0: the end.
    ssize_t read_body(std::span<char> buffer);

    // Sends what write() buffered. Where the acceptor sends answers, only as much as fits without waiting. False: the
    // other end takes no more.
    bool flush();
    bool has_output() const noexcept { return !out_.empty(); }
    std::size_t unsent() const noexcept { return out_.size(); }
    bool has_input() const noexcept { return begin_ < end_; }

    // Shuts down sending, then reads and drops for a short time what the client still sends. A close with unread bytes
    // causes a reset, which can destroy the answer on its way.
    void close_gently();
    void end_answers();  // sends what is buffered and shuts down sending

    const std::shared_ptr<Transport>& transport() const noexcept { return transport_; }
    const std::string& peer_address() const noexcept { return peer_address_; }

    // Parks the connection between requests. Empty: it is closed instead.
    std::function<void(std::unique_ptr<Connection>)> park;
    // The other end is the edge of this process, which may write bodies to files itself (base/body_order.h).
    bool to_own_edge = false;
    // Whether a thread may wait briefly for the next request, because parking costs more than that.
    bool lingers = false;
    // Takes the connection over when its last answer is sent and it has to close. Empty: the thread that sent the
    // answer closes it.
    std::function<void(std::unique_ptr<Connection>)> end;

    void release_buffers();  // before a long wait
    void discard_input() noexcept { begin_ = end_ = 0; }

private:
    ssize_t receive(std::span<char> to);
    bool refill();
    void count_memory() noexcept;
    bool keeps_answers() const noexcept { return slots_ != nullptr; }
    bool send_all(const char* from, std::size_t size);
    bool send_kept();
    ssize_t write_kept(const char* from, std::size_t size);

    const std::shared_ptr<Transport> transport_;
    const std::string peer_address_;
    const config::Duration io_timeout_;
    std::shared_ptr<MemoryBudget> budget_;  // shared by the acceptor and all its connections; null: not counted
    std::shared_ptr<SendSlots> slots_;      // shared in the same way
    std::size_t counted_ = 0;
    base::Steady::time_point deadline_;
    std::vector<char> in_;
    std::size_t begin_ = 0, end_ = 0;  // unread bytes of in_
    std::string_view presented_;
    bool skipped_line_ = false;  // for this request
    std::string out_;
};

}  // namespace bodega::web
