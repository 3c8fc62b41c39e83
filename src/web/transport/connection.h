// One accepted connection as httplib's Stream: buffered both ways, so that a small request is one receive and one send.
//
// Blocking: a wait for a first byte gives up after a moment, a read within a request goes on until its deadline. Where
// requests are held until they are whole (arrival.h), a read waits for nothing unless the body is a file's, and an
// answer that its client does not take at once is kept, up to kMostUnsent, until the gate has sent it: a write waits
// for the client only beyond that, in one of a bounded number of slots. Used by one thread at a time.
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
    // peer_address: the numeric address; empty for a unix socket and a channel.
    Connection(std::shared_ptr<Wire> wire, std::string peer_address, config::Duration io_timeout);
    ~Connection() override;

    enum class Readiness : std::uint8_t { ready, idle, closed };
    // Waits at most that long for the next request's first byte; zero: looks whether it is there.
    Readiness await_request(std::chrono::milliseconds limit);

    // The head has to arrive in full until then, however slowly it drips.
    void begin_request();

    // The head that input() begins with, which stays there, through its blank line; waits for it until the deadline of
    // begin_request() where it may wait. Empty: it is malformed, too long, or does not come.
    std::string_view await_head();
    void consume(std::size_t count) noexcept { begin_ += count; }  // of input()
    // httplib reads this next, before what is in input(). It outlives its reading.
    void present(std::string_view head) noexcept {
        presented_ = head;
        skipped_line_ = false;
    }
    // RFC 9112 section 2.2: an empty line before a request is ignored, as long as nothing of the request has come.
    void skip_empty_line() noexcept;

    // --- what comes before a thread is taken
    enum class Filled : std::uint8_t { some, nothing, ended };
    // Reads a piece at most, beside what was not read yet; waits for it at most so long.
    Filled fill(std::chrono::milliseconds limit = std::chrono::milliseconds::zero());
    std::string_view input() const noexcept { return {in_.data() + begin_, end_ - begin_}; }
    Arrival arrival;          // of the request that input() begins with, or is the beginning of
    bool may_wait = true;     // for more of the request at hand, once a thread works on it
    bool is_watched = false;  // by the gate's epoll
    void hold_by(std::shared_ptr<MemoryBudget> budget, std::shared_ptr<SendSlots> slots) {
        budget_ = std::move(budget);
        slots_ = std::move(slots);
    }
    // Sends without waiting, as far as there is room. Not behind an answer of which a part is unsent.
    void send_now(std::string_view text) { static_cast<void>(wire_->send_now(text)); }

    static constexpr std::size_t kMostUnsent = 1 << 20;  // bytes

    // --- httplib::Stream; a negative result is an error, 0 the end
    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    // httplib would refuse descriptors above FD_SETSIZE, which it never uses here.
    socket_t socket() const override { return INVALID_SOCKET; }

    // Waits for bytes of a body, into input(); false: an error, a time-out or the end. Requires: !has_input()
    bool await_body();
    // Reads body bytes with a deadline of their own: -1 an error or a timeout, 0 the end.
    ssize_t read_body(std::span<char> buffer);

    // Sends what write() kept back; where answers are kept for the gate only as far as there is room. False: the other
    // end takes no more.
    bool flush();
    bool has_output() const noexcept { return !out_.empty(); }
    std::size_t unsent() const noexcept { return out_.size(); }
    bool has_input() const noexcept { return begin_ < end_; }

    // Ends the answer's direction, then eats what the client still sends for a moment: a close with unread
    // bytes is a reset, which can destroy the answer on its way.
    void close_gently();
    void end_answers();  // the first half of it

    const std::shared_ptr<Wire>& wire() const noexcept { return wire_; }
    const std::string& peer_address() const noexcept { return peer_address_; }

    // Where it waits between requests; empty: nowhere, it is closed.
    std::function<void(std::unique_ptr<Connection>)> park;
    // The other end is the edge of this process, which may write bodies by itself (base/body_order.h).
    bool to_own_edge = false;
    // Whether a thread may wait a moment for the next request: parking costs more than that.
    bool lingers = false;
    // Takes it over when its last answer is sent and it has to close; empty: the thread that sent it closes it.
    std::function<void(std::unique_ptr<Connection>)> end;

    void release_buffers();  // while it waits long
    void discard_input() noexcept { begin_ = end_ = 0; }

private:
    ssize_t receive(std::span<char> to);
    bool refill();
    void count_memory() noexcept;
    bool keeps_answers() const noexcept { return slots_ != nullptr; }
    bool send_all(const char* from, std::size_t size);
    bool send_kept();
    ssize_t write_kept(const char* from, std::size_t size);

    const std::shared_ptr<Wire> wire_;
    const std::string peer_address_;
    const config::Duration io_timeout_;
    std::shared_ptr<MemoryBudget> budget_;  // owners: all connections of a gate, and it; null: nobody counts
    std::shared_ptr<SendSlots> slots_;      // as above
    std::size_t counted_ = 0;
    base::Steady::time_point deadline_;
    std::vector<char> in_;
    std::size_t begin_ = 0, end_ = 0;  // of what in_ holds unread
    std::string_view presented_;
    bool skipped_line_ = false;  // of this request
    std::string out_;
};

}  // namespace bodega::web
