#include "edge/proxy/whole_body.h"

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "edge/exchange/answer.h"
#include "edge/routing/client_key.h"
#include "net/file_pool.h"

namespace bodega::edge {
namespace {

constexpr std::size_t kStep = 16 << 10;    // bytes by which text_ grows
constexpr net::Moment kDiskLimit = 30000;  // ms to write one piece

// Appends a piece to the file. take() returns the piece's memory for reuse.
class AppendJob final : public net::FileJob {
public:
    AppendJob(std::shared_ptr<SpoolFile> file, std::string bytes) : file_(std::move(file)), bytes_(std::move(bytes)) {}

    int error() const noexcept { return error_; }  // errno, or 0
    std::string take() noexcept { return std::move(bytes_); }

private:
    void run() noexcept override { error_ = file_->append(bytes_); }

    const std::shared_ptr<SpoolFile> file_;
    std::string bytes_;
    int error_ = 0;
};

}  // namespace

WholeBody::WholeBody(LoopContext& context, Exchange& x, Proxy& proxy)
    : context_(context), x_(x), proxy_(proxy), memory_(x.ledger()) {}

bool WholeBody::is_here(const LoopContext& context, Exchange& x) {
    const http::Framing& body = x.request().body;
    if (body.kind == http::Framing::Kind::none) return true;
    bool small = body.kind == http::Framing::Kind::length &&
                 body.length <= static_cast<std::uint64_t>(context.options.settings.buffer);
    return small && x.poll_body() == Exchange::Body::bytes && x.body_bytes().size() == body.length;
}

// False if the body is too long even for an empty spool: then a later attempt would fail too.
bool WholeBody::fits() const {
    const http::Framing& body = x_.request().body;
    std::uint64_t max = std::max<std::uint64_t>(limit(), static_cast<std::uint64_t>(context_.spool->max_per_client()));
    std::uint64_t known =
        body.kind == http::Framing::Kind::length ? body.length : text_.size() + (file_ ? file_->size() : 0);
    return known <= max;
}

bool WholeBody::refuse_busy() {
    if (!x_.gone()) answer_error(x_, 503, "The server is busy. Try again in a moment.", 5);
    return false;
}

net::Task<bool> WholeBody::take() {
    for (;;) {
        if (!fits()) {
            answer_error(x_, 413, "The request's body is larger than this server accepts.");
            co_return false;
        }
        Room room = make_room();
        if (room == Room::none) co_return refuse_busy();
        if (room == Room::in_file) {
            bool ok = co_await spill();
            if (!ok) co_return false;
        }
        Exchange::Body body = read();
        if (body == Exchange::Body::complete) break;
        if (body == Exchange::Body::malformed) proxy_.answer_for(x_, Relay::State::client_broken);
        if (body == Exchange::Body::malformed || body == Exchange::Body::broken) co_return false;
        if (body == Exchange::Body::bytes) continue;
        net::Wake wake = co_await x_.wakeup().wait(x_.deadline());
        if (wake == net::Wake::event) continue;
        if (wake == net::Wake::deadline) proxy_.answer_for(x_, Relay::State::client_slow);
        co_return false;
    }
    bool whole = co_await end();
    co_return whole;
}

// Makes room in text_ for the next read. Returns in_file if memory is short: the bytes in text_ go to the file first.
WholeBody::Room WholeBody::make_room() {
    if (text_.size() < room_) return Room::there;
    if (room_ < limit() && !x_.ledger().full()) {
        room_ = std::min(room_ + kStep, limit());
        return Room::there;
    }
    return room_ > 0 ? Room::in_file : Room::none;
}

Exchange::Body WholeBody::read() {
    std::size_t size = text_.size(), got = 0;
    text_.resize(room_);
    Exchange::Body body = x_.read_body(std::span(text_).subspan(size), got);
    text_.resize(size + got);
    memory_.set(text_.capacity());
    return body;
}

net::Task<bool> WholeBody::spill() {
    if (!file_) file_ = std::make_shared<SpoolFile>(*context_.spool, client_key(x_.address()));
    if (!file_->reserve(text_.size())) co_return refuse_busy();
    auto job = std::make_shared<AppendJob>(file_, std::move(text_));
    bool done = co_await context_.files->run(job, x_.wakeup(), context_.loop.now() + kDiskLimit);
    if (done && job->error() == 0) {
        text_ = job->take();
        text_.clear();
        co_return true;
    }
    if (!x_.gone())
        base::log::error(
            "edge", "a request's body can't be spooled",
            {{"request_id", x_.request_id()},
             {"folder", file_->dir()},
             {"error", done ? std::generic_category().message(job->error()) : "the disk does not answer"}});
    co_return refuse_busy();
}

// If a part of the body is already in a file, appends text_ to the file.
net::Task<bool> WholeBody::end() {
    if (!file_) co_return true;
    bool ok = true;
    if (!text_.empty()) ok = co_await spill();
    std::string().swap(text_);
    memory_.set(0);
    co_return ok;
}

Outgoing WholeBody::outgoing() const {
    Outgoing out;
    out.bytes = text_;
    out.whole = true;
    out.file = file_;
    return out;
}

}  // namespace bodega::edge
