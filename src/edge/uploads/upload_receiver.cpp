#include "edge/uploads/upload_receiver.h"

#include <algorithm>
#include <utility>

#include "edge/exchange/answer.h"

namespace bodega::edge {
namespace {

using Due = base::BodyOrder::Due;
using Then = BodyJob::Then;

// In ms. A lost report is sent again after this time. The time doubles with each try, up to kLastRetry.
constexpr net::Moment kFirstRetry = 100;
constexpr net::Moment kLastRetry = 2000;
// How long the report of a body's end is retried, in ms, if the app has set no lease for the file.
constexpr net::Moment kNoLease = 15'000;
constexpr net::Moment kAnswerSoon = 2000;
// Time between two checks of a running job, in ms. A check finds out if the file pool hangs.
constexpr net::Moment kJobPollInterval = 1000;

}  // namespace

UploadReceiver::UploadReceiver(LoopContext& context, Proxy& app, const ConfiguredRoute* rule, Exchange& x,
                               std::shared_ptr<base::UploadConversation> conversation,
                               std::shared_ptr<base::UploadSession> session)
    : context_(context),
      app_(app),
      rule_(rule),
      x_(x),
      conversation_(std::move(conversation)),
      target_(std::make_shared<BodyTarget>(std::move(session))),
      taken_(target_->order().offset),
      written_(taken_),
      kept_(taken_),
      reported_at_(base::Steady::now()),
      seat_(target_->session().register_writer([this] { context_.loop.signal(*this); })) {}

UploadReceiver::~UploadReceiver() {
    seat_.reset();
    context_.loop.forget(*this);
    if (job_) {
        context_.files->forget(*job_);
        release(job_capacity_);
    }
    give_back(std::move(filling_));
    give_back(std::move(spare_));
}

net::Task<void> UploadReceiver::receive(std::string_view begun) {
    begun_ = begun;
    for (bool going = true; going;) {
        if (end_ == End::none && context_.ends_uploads && order().keeps_parts()) end_ = End::stopping;
        if (end_ == End::none && recalled_) end_ = End::recalled;
        read();
        if (job_ && job_->done()) {
            going = co_await after(settle_job());
            continue;
        }
        std::optional<Then> then = job_ ? std::nullopt : next_job();
        if (!job_ && (then || end_ != End::none || report_due())) {
            going = co_await advance();
            continue;
        }
        net::Wake wake = co_await x_.wakeup().wait(next_wake());
        if (wake == net::Wake::cancelled) co_return;
        if (wake == net::Wake::deadline) going = co_await on_deadline();
    }
}

void UploadReceiver::on_signal() noexcept {
    recalled_ = true;
    x_.wakeup().notify();
}

// --- from the client

// Reads bytes from the client until the block is full or none have arrived.
void UploadReceiver::read() {
    while (end_ == End::none) {
        if (filling_.capacity() == 0) provide_block();
        std::span<char> room = filling_.room();
        if (room.empty()) return;
        if (!begun_.empty()) {
            read_begun(room);
            continue;
        }
        // Read up to one byte more than the order allows, to detect a body that is too large.
        auto max = static_cast<std::uint64_t>(order().max - taken_ + 1);
        std::size_t got = 0;
        bool was_empty = filling_.size() == 0;
        Exchange::Body body = x_.read_body(room.first(std::min<std::uint64_t>(room.size(), max)), got);
        count_received(got);
        if (was_empty && filling_.full()) fast_ = true;
        set_end(body);
        if (body == Exchange::Body::pending) return;
    }
}

void UploadReceiver::read_begun(std::span<char> room) {
    std::size_t count = std::min(room.size(), begun_.size());
    std::copy_n(begun_.data(), count, room.data());
    begun_.remove_prefix(count);
    count_received(count);
}

void UploadReceiver::count_received(std::size_t bytes) {
    filling_.commit(bytes);
    taken_ += static_cast<std::int64_t>(bytes);
    if (taken_ <= order().max) return;
    filling_.drop(static_cast<std::size_t>(taken_ - order().max));
    taken_ = order().max;
    end_ = End::excess;
}

void UploadReceiver::set_end(Exchange::Body body) {
    if (end_ != End::none) return;
    if (body == Exchange::Body::complete) end_ = End::whole;
    if (body == Exchange::Body::broken) end_ = End::broken;
    if (body == Exchange::Body::malformed) end_ = End::malformed;
}

void UploadReceiver::provide_block() {
    bool large = fast_ && context_.large_body_blocks < kMaxLarge && !context_.buffer_pool.full();
    std::size_t capacity = large ? kLarge : kSmall;
    if (spare_.capacity() >= capacity) {
        filling_ = std::exchange(spare_, {});
        return;
    }
    give_back(std::exchange(spare_, {}));
    filling_ = BodyBlock(capacity);
    context_.buffer_pool.count(0, capacity);
    if (large) ++context_.large_body_blocks;
}

void UploadReceiver::give_back(BodyBlock block) { release(block.capacity()); }

void UploadReceiver::release(std::size_t capacity) {
    context_.buffer_pool.count(capacity, 0);
    if (capacity == kLarge) --context_.large_body_blocks;
}

// --- to the file

// Returns what the next job does after writing the block. Returns nullopt if no job is needed now.
std::optional<Then> UploadReceiver::next_job() const {
    if (end_ == End::whole) return Then::seal;
    // The body has ended early. Without a lease nothing is kept. With a lease, sync the received bytes, so that no
    // write is pending when another writer continues the file.
    if (end_ != End::none) return order().lease > 0 && taken_ > kept_ ? std::optional(Then::sync) : std::nullopt;
    if (taken_ > kept_ && order().due(taken_, kept_, age()) == Due::acknowledgement) return Then::sync;
    return filling_.full() ? std::optional(Then::nothing) : std::nullopt;
}

bool UploadReceiver::begin_job(Then then) {
    job_capacity_ = filling_.capacity();
    auto job = std::make_shared<BodyJob>(target_, std::exchange(filling_, {}), then);
    written_ = taken_;
    job_deadline_ = now() + context_.options.settings.upstream_timeout.count();
    if (!context_.files->begin(job, x_.wakeup())) {
        release(job_capacity_);
        return false;
    }
    job_ = std::move(job);
    return true;
}

std::shared_ptr<BodyJob> UploadReceiver::settle_job() {
    std::shared_ptr<BodyJob> job = std::exchange(job_, nullptr);
    BodyBlock block = job->take_block();
    block.clear();
    if (spare_.capacity() > 0) give_back(std::move(block));
    else spare_ = std::move(block);
    return job;
}

// True if it is time to tell the app that the client is still sending.
bool UploadReceiver::report_due() const {
    return order().acknowledge > 0 && age() >= std::chrono::milliseconds(order().acknowledge);
}

// --- steps of the receiver

net::Task<bool> UploadReceiver::after(std::shared_ptr<BodyJob> job) {
    bool continues = true;
    if (job->error()) continues = co_await fail(*job->error(), job->settled());
    else if (job->then() == Then::seal) continues = co_await end_whole(*job);
    else if (job->then() == Then::sync && end_ != End::none && taken_ == written_)
        continues = co_await end_early(job.get());
    else if (job->then() == Then::sync) continues = co_await report_stage(Stage::kept, job.get());
    co_return continues;
}

// Begins the next job or sends the report that is due. Called when no job is running.
net::Task<bool> UploadReceiver::advance() {
    std::optional<Then> then = next_job();
    bool continues = true;
    if (!then && end_ != End::none) {
        continues = co_await end_early(nullptr);
        co_return continues;
    }
    // If the last report is older than the lease, another writer may have the file. Ask the app before writing to it.
    bool lapsed = order().lease > 0 && age() >= std::chrono::milliseconds(order().lease);
    if (lapsed || !then) continues = co_await report_stage(Stage::alive, nullptr);
    if (continues && then && !begin_job(*then)) {
        base::Error busy(base::Code::unavailable, "The disk is busy. Try again in a moment.", 2);
        continues = co_await fail(std::move(busy), written_ == kept_);
    }
    co_return continues;
}

net::Task<bool> UploadReceiver::on_deadline() {
    bool continues = true;
    if (job_ && (now() >= job_deadline_ || context_.files->hangs())) {
        base::Error hangs(base::Code::unavailable, "The shared directory does not answer.", 5);
        continues = co_await fail(std::move(hangs), false);
    } else if (end_ == End::none && x_.deadline() <= now()) {
        end_ = End::slow;
    }
    co_return continues;
}

// --- to the app

net::Task<bool> UploadReceiver::report_stage(Stage stage, const BodyJob* job) {
    base::Steady::time_point asked = base::Steady::now();
    base::BodyReport report = base::BodyReport::to(order(), stage);
    report.settled = written_ == kept_;
    if (job) job->describe(report);
    std::int64_t size = report.size;
    bool accepted = co_await send_report(std::move(report));
    if (!accepted) co_return false;
    if (stage == Stage::kept) kept_ = size;
    reported_at_ = asked;
    co_return true;
}

// Reports the complete body. The app's answer to this report is the answer to the client.
net::Task<bool> UploadReceiver::end_whole(const BodyJob& job) {
    co_await report_stage(Stage::complete, &job);
    co_return false;
}

net::Task<bool> UploadReceiver::end_early(const BodyJob* job) {
    bool accepted = co_await report_stage(end_ == End::excess ? Stage::excess : Stage::broken, job);
    if (accepted && end_ == End::malformed) app_.answer_for(x_, Relay::State::client_broken);
    if (accepted && end_ == End::slow) app_.answer_for(x_, Relay::State::client_slow);
    if (accepted && end_ == End::recalled)
        answer_error(x_, 423, "Another request continues this upload. Ask for its offset, then continue there.", 1);
    if (accepted && end_ == End::stopping)
        answer_error(
            x_, 503,
            "This server is stopping. Ask for the upload's offset, then continue there: another server takes it.", 1);
    co_return false;
}

net::Task<bool> UploadReceiver::fail(base::Error error, bool settled) {
    base::BodyReport report = base::BodyReport::failure(order(), std::move(error), settled);
    co_await send_report(std::move(report));
    co_return false;
}

// Sends a report, again if it is lost. Returns true if the app accepted it. Returns false if the app has answered the
// client, or if the connection was cut.
net::Task<bool> UploadReceiver::send_report(base::BodyReport report) {
    const net::Moment limit = report_limit(report.stage);
    const auto retry = report.stage == Stage::complete ? Outgoing::Retry::unheard : Outgoing::Retry::unavailable;
    conversation_->say(std::move(report));
    for (net::Moment pause = kFirstRetry;; pause = std::min(2 * pause, kLastRetry)) {
        Outgoing out;
        out.conversation = conversation_->id();
        out.is_message = true;
        out.retry = now() + pause < limit ? retry : Outgoing::Retry::no;
        co_await app_.handle(x_, rule_, &out);
        if (!out.is_lost) co_return out.has_reply;
        for (const net::Moment again = now() + pause; now() < again;) {
            net::Wake wake = co_await x_.wakeup().wait(again);
            if (wake == net::Wake::cancelled) co_return false;
        }
    }
}

// Returns until when a report is retried. If the client waits for the result, it gets an error after kAnswerSoon.
net::Moment UploadReceiver::report_limit(Stage stage) const {
    const net::Moment lease = order().lease > 0 ? order().lease : kNoLease;
    if (stage == Stage::alive || stage == Stage::kept) return now() + std::max<net::Moment>(0, lease - age().count());
    bool is_awaited = stage == Stage::failed || end_ == End::malformed || end_ == End::slow || end_ == End::excess;
    return now() + (is_awaited && !x_.gone() ? kAnswerSoon : lease);
}

net::Moment UploadReceiver::next_wake() const {
    net::Moment until = job_ ? std::min(job_deadline_, now() + kJobPollInterval) : net::kNever;
    if (end_ == End::none && !filling_.full()) until = std::min(until, x_.deadline());
    if (!job_ && order().acknowledge > 0)
        until = std::min(until, now() + std::max<net::Moment>(1, order().acknowledge - age().count()));
    return until;
}

std::chrono::milliseconds UploadReceiver::age() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(base::Steady::now() - reported_at_);
}

}  // namespace bodega::edge
