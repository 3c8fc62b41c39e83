// Receives one request's body into the file that the app ordered, and reports its progress to the app: the edge's
// writer of a session (base/upload_session.h).
//
// The loop's thread reads into one block while a file pool thread hashes and writes the previous one. The app gets a
// report of what is on the disk as often as its order says, and at the end; its answer to the last report goes to the
// client. An early end is reported too, even if the client has left: what was kept stays resumable. A report that did
// not get through is sent once more, within the time that the lease on the file may last. Belongs to its loop's
// thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/upload_conversation.h"
#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/proxy/proxy.h"
#include "edge/uploads/body_job.h"
#include "net/task.h"

namespace bodega::edge {

class UploadReceiver final : private net::SignalTarget {
public:
    // The references outlive it, also the rule (null: none).
    UploadReceiver(LoopContext& context, Proxy& app, const ConfiguredRoute* rule, Exchange& x,
                   std::shared_ptr<base::UploadConversation> conversation,
                   std::shared_ptr<base::UploadSession> session);
    ~UploadReceiver();
    UploadReceiver(const UploadReceiver&) = delete;

    // Runs to the end of the exchange. begun: bytes that were already read from it; they outlive it.
    net::Task<void> receive(std::string_view begun);

    static constexpr std::size_t kSmall = std::size_t{64} << 10;
    // For a client that fills small blocks: fewer steps, and a disk takes large ones directly.
    static constexpr std::size_t kLarge = std::size_t{512} << 10;
    static constexpr int kMaxLarge = 16;  // per loop at once

private:
    using Stage = base::BodyReport::Stage;
    enum class End : std::uint8_t { none, whole, broken, malformed, slow, excess, stopping, recalled };

    void on_signal() noexcept override;

    void read();
    void read_begun(std::span<char> room);
    void count_received(std::size_t bytes);
    void set_end(Exchange::Body body);
    void provide_block();
    void give_back(BodyBlock block);
    void release(std::size_t capacity);

    std::optional<BodyJob::Then> next_job() const;
    bool begin_job(BodyJob::Then then);
    std::shared_ptr<BodyJob> settle_job();
    bool report_due() const;

    // Each returns false at the end of the exchange.
    net::Task<bool> after(std::shared_ptr<BodyJob> job);
    net::Task<bool> advance();
    net::Task<bool> on_deadline();
    net::Task<bool> report_stage(Stage stage, const BodyJob* job);
    net::Task<bool> end_whole(const BodyJob& job);
    net::Task<bool> end_early(const BodyJob* job);
    net::Task<bool> fail(base::Error error, bool settled);
    net::Task<bool> send_report(base::BodyReport report);
    net::Moment report_limit(Stage stage) const;

    net::Moment next_wake() const;
    std::chrono::milliseconds age() const;
    net::Moment now() const noexcept { return context_.loop.now(); }
    const base::BodyOrder& order() const noexcept { return target_->order(); }

    LoopContext& context_;
    Proxy& app_;
    const ConfiguredRoute* const rule_;
    Exchange& x_;
    const std::shared_ptr<base::UploadConversation> conversation_;  // shared with the app's thread that has a message
    const std::shared_ptr<BodyTarget> target_;

    std::string_view begun_;
    BodyBlock filling_;
    BodyBlock spare_;
    bool fast_ = false;  // the client filled a block at once
    End end_ = End::none;

    std::shared_ptr<BodyJob> job_;  // in progress
    std::size_t job_capacity_ = 0;  // capacity of its block
    net::Moment job_deadline_ = net::kNever;
    std::int64_t taken_;    // the file's size including all that was read
    std::int64_t written_;  // the file's size including all that was given to jobs
    std::int64_t kept_;     // the file's size as the app knows it
    base::Steady::time_point reported_at_;
    bool recalled_ = false;  // the client came back on another connection
    std::unique_ptr<base::BodyRecalls::Seat> seat_;
};

}  // namespace bodega::edge
