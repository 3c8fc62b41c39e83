#include "web/transport/connection.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/blocking.h"
#include "http/head_scanner.h"

namespace bodega::web {
namespace {

constexpr std::size_t kInput = 16 << 10;
constexpr std::size_t kOutput = 32 << 10;
constexpr std::size_t kDirect = 4 << 10;  // reads of at least this size bypass the buffer
// The most bytes that are read and dropped after an answer. NGINX sends as much of the body as it can before it reads
// the answer, so this many bytes may still arrive.
constexpr std::size_t kLinger = 64 << 20;
constexpr auto kLingerTime = std::chrono::seconds(2);

std::chrono::milliseconds until(base::Steady::time_point deadline) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - base::Steady::now());
    return std::max(left, std::chrono::milliseconds(1));
}

}  // namespace

Connection::Connection(std::shared_ptr<Transport> transport, std::string peer_address, Timeouts timeouts)
    : transport_(std::move(transport)), peer_address_(std::move(peer_address)), timeouts_(timeouts) {}

Connection::~Connection() {
    if (budget_) budget_->count(counted_, 0);
}

void Connection::count_memory() noexcept {
    const std::size_t held = in_.capacity() + out_.capacity();
    if (budget_) budget_->count(counted_, held);
    counted_ = held;
}

Connection::Filled Connection::fill(std::chrono::milliseconds limit) {
    std::array<char, kInput> piece;
    Transport::Received received = transport_->receive(piece, limit);
    if (received.status == Transport::Status::timeout) return Filled::nothing;
    if (received.status != Transport::Status::done) return Filled::ended;
    in_.erase(in_.begin() + static_cast<std::ptrdiff_t>(end_), in_.end());
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(begin_));
    in_.insert(in_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(received.bytes));
    begin_ = 0;
    end_ = in_.size();
    count_memory();
    return Filled::some;
}

std::string_view Connection::await_head() {
    http::HeadScanner scanner;
    skip_empty_line();
    for (;;) {
        switch (scanner.scan(input())) {
            case http::HeadScanner::Result::complete: return input().substr(0, scanner.length());
            case http::HeadScanner::Result::malformed: return {};
            case http::HeadScanner::Result::incomplete: break;
        }
        if (!request_.may_wait || input().size() > Arrival::kMaxHead) return {};
        const base::Blocking waits;
        if (fill(until(request_.deadline)) != Filled::some) return {};
    }
}

Connection::Readiness Connection::await_request(std::chrono::milliseconds limit) {
    if (has_input()) return Readiness::ready;
    in_.resize(kInput);
    Transport::Received received = transport_->receive(in_, limit);
    if (received.status == Transport::Status::timeout) return Readiness::idle;
    if (received.status != Transport::Status::done) return Readiness::closed;
    begin_ = 0;
    end_ = received.bytes;
    return Readiness::ready;
}

void Connection::begin_request() { request_.deadline = base::Steady::now() + std::min(timeouts_.body, timeouts_.head); }

ssize_t Connection::receive(std::span<char> to) {
    const base::Blocking waits;
    Transport::Received received =
        transport_->receive(to, request_.may_wait ? until(request_.deadline) : std::chrono::milliseconds::zero());
    if (received.status == Transport::Status::ended) return 0;
    return received.status == Transport::Status::done ? static_cast<ssize_t>(received.bytes) : -1;
}

bool Connection::refill() {
    if (!flush()) return false;  // a buffered 100 (Continue) may be what the client is waiting for
    in_.resize(kInput);
    ssize_t n = receive(in_);
    begin_ = 0;
    end_ = n > 0 ? static_cast<std::size_t>(n) : 0;
    return n > 0;
}

void Connection::skip_empty_line() noexcept {
    if (request_.skipped_line || !input().starts_with("\r\n")) return;
    request_.skipped_line = true;
    consume(2);
}

ssize_t Connection::read(char* to, std::size_t size) {
    if (!request_.presented.empty()) {
        const std::size_t n = request_.presented.copy(to, size);
        request_.presented.remove_prefix(n);
        return static_cast<ssize_t>(n);
    }
    if (!has_input() && !refill()) return 0;
    std::size_t n = std::min(size, end_ - begin_);
    std::memcpy(to, in_.data() + begin_, n);
    begin_ += n;
    return static_cast<ssize_t>(n);
}

bool Connection::await_body() {
    request_.deadline = base::Steady::now() + timeouts_.body;
    return refill();
}

ssize_t Connection::read_body(std::span<char> buffer) {
    if (has_input()) return read(buffer.data(), buffer.size());
    request_.deadline = base::Steady::now() + timeouts_.body;
    if (buffer.size() < kDirect) return read(buffer.data(), buffer.size());
    if (!flush()) return -1;
    return receive(buffer);
}

ssize_t Connection::write(const char* from, std::size_t size) {
    if (out_.size() + size <= kOutput) {
        out_.append(from, size);
        return static_cast<ssize_t>(size);
    }
    if (keeps_answers()) return write_kept(from, size);
    return send_all(from, size) ? static_cast<ssize_t>(size) : -1;
}

bool Connection::flush() {
    if (out_.empty()) return true;
    return keeps_answers() ? send_kept() : send_all(nullptr, 0);
}

// Sends as much as possible without waiting.
bool Connection::send_kept() {
    const auto sent = transport_->send_now(out_);
    if (sent) out_.erase(0, *sent);
    return sent.has_value();
}

ssize_t Connection::write_kept(const char* from, std::size_t size) {
    if (!send_kept()) return -1;
    std::size_t sent = 0;
    if (out_.empty()) {
        const auto now = transport_->send_now({from, size});
        if (!now) return -1;
        sent = *now;
    }
    if (out_.size() + size - sent <= kMaxUnsent && !budget_->is_over()) {
        out_.append(from + sent, size - sent);
        count_memory();
        return static_cast<ssize_t>(size);
    }
    const SendSlots::Held slot(*slots_);
    if (!slot) return -1;
    const base::Blocking waits(base::Blocking::Kind::aside);
    return send_all(from + sent, size - sent) ? static_cast<ssize_t>(size) : -1;
}

// Sends the buffered bytes and then `from`, in one call if the transport supports that.
bool Connection::send_all(const char* from, std::size_t size) {
    std::array<iovec, 2> pieces{{{out_.data(), out_.size()}, {const_cast<char*>(from), size}}};
    bool sent = transport_->send(pieces);
    out_.clear();
    return sent;
}

void Connection::end_answers() {
    if (flush()) transport_->shut_writing();
}

void Connection::close_gently() {
    if (!out_.empty() && !send_all(nullptr, 0)) return;
    transport_->shut_writing();
    request_.may_wait = true;
    request_.deadline = base::Steady::now() + kLingerTime;
    in_.resize(kInput);
    std::size_t eaten = 0;
    while (eaten < kLinger) {
        ssize_t n = receive(in_);
        if (n <= 0 || base::Steady::now() > request_.deadline) return;
        eaten += static_cast<std::size_t>(n);
    }
}

void Connection::release_buffers() {
    std::vector<char>().swap(in_);
    count_memory();
    std::string().swap(out_);
    begin_ = end_ = 0;
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
    ip = peer_address_;
    port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
}

}  // namespace bodega::web
