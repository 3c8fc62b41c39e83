#include "edge/uploads/upload_receiver.h"

#include <algorithm>
#include <utility>

#include "edge/exchange/answer.h"

namespace bodega::edge {
namespace {

using Due = base::BodyOrder::Due;
using Then = BodyJob::Then;

constexpr Moment kFirstRetry = 100;  // milliseconds until a lost report is sent again; twice as long each time
constexpr Moment kLastRetry = 2000;
constexpr Moment kNoLease = 15'000;  // the same for a file without a lease: how long its end is reported
constexpr Moment kAnswerSoon = 2000;
constexpr Moment kLook = 1000;  // milliseconds between two looks at a job that may be queued behind others that hang

std::optional<std::int64_t> length_of(const http::Framing& body) {
    if (body.kind != http::Framing::Kind::length) return std::nullopt;
    return static_cast<std::int64_t>(body.length);
}

}  // namespace

BodyReceiver::BodyReceiver(Worker& worker, Proxy& app, const Rule* rule, Exchange& x, base::BodyOrder order,
                           const base::OpenBodySink& open)
    : worker_(worker),
      app_(app),
      rule_(rule),
      x_(x),
      length_(length_of(x.request().body)),
      target_(std::make_shared<BodyTarget>(std::move(order), open)),
      taken_(target_->order().offset),
      written_(taken_),
      kept_(taken_),
      told_(base::Steady::now()) {
    const base::BodyOrder& ours = target_->order();
    if (!worker_.options.recalls || ours.lease == 0) return;
    seat_.emplace(*worker_.options.recalls, ours.ticket, [this] { worker_.loop.signal(*this); });
}

BodyReceiver::~BodyReceiver() {
    seat_.reset();
    worker_.loop.forget(*this);
    if (job_) {
        worker_.files->forget(*job_);
        release(job_capacity_);
    }
    give_back(std::move(filling_));
    give_back(std::move(spare_));
}

Task<void> BodyReceiver::receive(std::string_view begun) {
    begun_ = begun;
    for (bool going = true; going;) {
        if (end_ == End::none && worker_.ends_parts && order().keeps_parts()) end_ = End::going;
        if (end_ == End::none && recalled_) end_ = End::recalled;
        read();
        if (job_ && job_->done()) {
            going = co_await after(settle_job());
            continue;
        }
        std::optional<Then> then = job_ ? std::nullopt : next_job();
        if (!job_ && (then || end_ != End::none || owes_a_word())) {
            going = co_await go_on();
            continue;
        }
        Wake wake = co_await x_.waiter().wait(next_look());
        if (wake == Wake::cancelled) co_return;
        if (wake == Wake::deadline) going = co_await on_deadline();
    }
}

void BodyReceiver::on_signal() noexcept {
    recalled_ = true;
    x_.waiter().notify();
}

// --- from the client

// All that there is room for.
void BodyReceiver::read() {
    while (end_ == End::none) {
        if (filling_.capacity() == 0) provide_block();
        std::span<char> room = filling_.room();
        if (room.empty()) return;
        if (!begun_.empty()) {
            read_begun(room);
            continue;
        }
        // One byte more than was ordered tells that there is too much.
        auto most = static_cast<std::uint64_t>(order().most - taken_ + 1);
        std::size_t got = 0;
        bool was_empty = filling_.size() == 0;
        Exchange::Body body = x_.read_body(room.first(std::min<std::uint64_t>(room.size(), most)), got);
        took(got);
        if (was_empty && filling_.full()) fast_ = true;
        end_by(body);
        if (body == Exchange::Body::pending) return;
    }
}

void BodyReceiver::read_begun(std::span<char> room) {
    std::size_t count = std::min(room.size(), begun_.size());
    std::copy_n(begun_.data(), count, room.data());
    begun_.remove_prefix(count);
    took(count);
}

void BodyReceiver::took(std::size_t bytes) {
    filling_.commit(bytes);
    taken_ += static_cast<std::int64_t>(bytes);
    if (taken_ <= order().most) return;
    filling_.drop(static_cast<std::size_t>(taken_ - order().most));
    taken_ = order().most;
    end_ = End::excess;
}

void BodyReceiver::end_by(Exchange::Body body) {
    if (end_ != End::none) return;
    if (body == Exchange::Body::complete) end_ = End::whole;
    if (body == Exchange::Body::broken) end_ = End::broken;
    if (body == Exchange::Body::malformed) end_ = End::malformed;
}

void BodyReceiver::provide_block() {
    bool large = fast_ && worker_.large_body_blocks < kMostLarge && !worker_.blocks.full();
    std::size_t capacity = large ? kLarge : kSmall;
    if (spare_.capacity() >= capacity) {
        filling_ = std::exchange(spare_, {});
        return;
    }
    give_back(std::exchange(spare_, {}));
    filling_ = BodyBlock(capacity);
    worker_.blocks.count(0, capacity);
    if (large) ++worker_.large_body_blocks;
}

void BodyReceiver::give_back(BodyBlock block) { release(block.capacity()); }

void BodyReceiver::release(std::size_t capacity) {
    worker_.blocks.count(capacity, 0);
    if (capacity == kLarge) --worker_.large_body_blocks;
}

// --- to the file

// What there is to do for the file, if anything.
std::optional<Then> BodyReceiver::next_job() const {
    if (end_ == End::whole) return Then::seal;
    // Of what ends in the middle all that came is kept, or nothing; but nothing is left on its way to a file with which
    // another may go on.
    if (end_ != End::none) return order().lease > 0 && taken_ > kept_ ? std::optional(Then::sync) : std::nullopt;
    if (taken_ > kept_ && order().due(taken_, kept_, age()) == Due::acknowledgement) return Then::sync;
    return filling_.full() ? std::optional(Then::nothing) : std::nullopt;
}

bool BodyReceiver::begin_job(Then then) {
    job_capacity_ = filling_.capacity();
    auto job = std::make_shared<BodyJob>(target_, std::exchange(filling_, {}), then);
    written_ = taken_;
    job_deadline_ = now() + worker_.options.settings.upstream_timeout.count();
    if (!worker_.files->begin(job, x_.waiter())) {
        release(job_capacity_);
        return false;
    }
    job_ = std::move(job);
    return true;
}

std::shared_ptr<BodyJob> BodyReceiver::settle_job() {
    std::shared_ptr<BodyJob> job = std::exchange(job_, nullptr);
    BodyBlock block = job->take_block();
    block.clear();
    if (spare_.capacity() > 0) give_back(std::move(block));
    else spare_ = std::move(block);
    return job;
}

// The app is to hear that the body is still being received.
bool BodyReceiver::owes_a_word() const {
    return order().acknowledge > 0 && age() >= std::chrono::milliseconds(order().acknowledge);
}

// --- between the two

Task<bool> BodyReceiver::after(std::shared_ptr<BodyJob> job) {
    bool goes_on = true;
    if (job->error()) goes_on = co_await fail(*job->error(), job->settled());
    else if (job->then() == Then::seal) goes_on = co_await end_whole(*job);
    else if (job->then() == Then::sync && end_ != End::none && taken_ == written_)
        goes_on = co_await end_early(job.get());
    else if (job->then() == Then::sync) goes_on = co_await say(Stage::kept, job.get());
    co_return goes_on;
}

// No job is under way, and something is to be done.
Task<bool> BodyReceiver::go_on() {
    std::optional<Then> then = next_job();
    bool goes_on = true;
    if (!then && end_ != End::none) {
        goes_on = co_await end_early(nullptr);
        co_return goes_on;
    }
    // After a long silence the file may be another's: that is asked before it is touched.
    bool lapsed = order().lease > 0 && age() >= std::chrono::milliseconds(order().lease);
    if (lapsed || !then) goes_on = co_await say(Stage::alive, nullptr);
    if (goes_on && then && !begin_job(*then)) {
        base::Error busy(base::Code::unavailable, "The disk is busy. Try again in a moment.", 2);
        goes_on = co_await fail(std::move(busy), written_ == kept_);
    }
    co_return goes_on;
}

Task<bool> BodyReceiver::on_deadline() {
    bool goes_on = true;
    if (job_ && (now() >= job_deadline_ || worker_.files->hangs())) {
        base::Error hangs(base::Code::unavailable, "The shared directory does not answer.", 5);
        goes_on = co_await fail(std::move(hangs), false);
    } else if (end_ == End::none && x_.deadline() <= now()) {
        end_ = End::slow;
    }
    co_return goes_on;
}

// --- to the app

Task<bool> BodyReceiver::say(Stage stage, const BodyJob* job) {
    base::Steady::time_point asked = base::Steady::now();
    base::BodyReport report = base::BodyReport::to(order(), stage, length_);
    report.settled = written_ == kept_;
    if (job) job->describe(report);
    std::int64_t size = report.size;
    bool noted = co_await tell(std::move(report));
    if (!noted) co_return false;
    if (stage == Stage::kept) kept_ = size;
    told_ = asked;
    co_return true;
}

// The app's answer is the client's.
Task<bool> BodyReceiver::end_whole(const BodyJob& job) {
    co_await say(Stage::complete, &job);
    co_return false;
}

Task<bool> BodyReceiver::end_early(const BodyJob* job) {
    bool noted = co_await say(end_ == End::excess ? Stage::excess : Stage::broken, job);
    if (noted && end_ == End::malformed) app_.answer_for(x_, Relay::State::client_broken);
    if (noted && end_ == End::slow) app_.answer_for(x_, Relay::State::client_slow);
    if (noted && end_ == End::recalled)
        answer_error(x_, 423, "Another request continues this upload. Ask for its offset, then continue there.", 1);
    if (noted && end_ == End::going)
        answer_error(x_, 503, "This server is being stopped. Go on where the upload stands: another takes the rest.",
                     1);
    co_return false;
}

Task<bool> BodyReceiver::fail(base::Error error, bool settled) {
    base::BodyReport report = base::BodyReport::failure(order(), error, length_, settled);
    co_await tell(std::move(report));
    co_return false;
}

// True if the app took note; else it has answered the client.
Task<bool> BodyReceiver::tell(base::BodyReport report) {
    const std::string text = report.text();
    const Moment limit = report_limit(report.stage);
    const auto retry = report.stage == Stage::complete ? Outgoing::Retry::unheard : Outgoing::Retry::unavailable;
    for (Moment pause = kFirstRetry;; pause = std::min(2 * pause, kLastRetry)) {
        Outgoing out;
        out.report = text;
        out.retry = now() + pause < limit ? retry : Outgoing::Retry::no;
        co_await app_.handle(x_, rule_, &out);
        if (!out.is_lost) co_return out.word == base::kBodyNoted;
        for (const Moment again = now() + pause; now() < again;) {
            Wake wake = co_await x_.waiter().wait(again);
            if (wake == Wake::cancelled) co_return false;
        }
    }
}

// Until when a report is sent again. A client that waits for what comes of its request hears soon that it can't be
// told.
Moment BodyReceiver::report_limit(Stage stage) const {
    const Moment lease = order().lease > 0 ? order().lease : kNoLease;
    if (stage == Stage::alive || stage == Stage::kept) return now() + std::max<Moment>(0, lease - age().count());
    bool is_awaited = stage == Stage::failed || end_ == End::malformed || end_ == End::slow || end_ == End::excess;
    return now() + (is_awaited && !x_.gone() ? kAnswerSoon : lease);
}

Moment BodyReceiver::next_look() const {
    Moment until = job_ ? std::min(job_deadline_, now() + kLook) : kNever;
    if (end_ == End::none && !filling_.full()) until = std::min(until, x_.deadline());
    if (!job_ && order().acknowledge > 0)
        until = std::min(until, now() + std::max<Moment>(1, order().acknowledge - age().count()));
    return until;
}

std::chrono::milliseconds BodyReceiver::age() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(base::Steady::now() - told_);
}

}  // namespace bodega::edge
