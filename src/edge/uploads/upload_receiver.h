// Writes one request's body into the file that the app has ordered, and reports the progress to the app. It is the
// writer of an upload session (base/upload_session.h).
//
// The loop's thread reads into one block while a file pool thread hashes and writes the previous one. The app gets
// reports of what is on the disk, as often as its order says, and a last one at the end. Its answer to the last report
// goes to the client. If the body ends early, the app gets a report even if the client has left, so that the upload can
// be resumed. A report that is lost is sent again, as long as the lease on the file lasts. Used only on its loop's
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
    // rule: the route of the request, or null. Requires: `context`, `app`, `x` and the rule outlive the UploadReceiver.
    UploadReceiver(LoopContext& context, Proxy& app, const ConfiguredRoute* rule, Exchange& x,
                   std::shared_ptr<base::UploadConversation> conversation,
                   std::shared_ptr<base::UploadSession> session);
    ~UploadReceiver();
    UploadReceiver(const UploadReceiver&) = delete;

    // Receives the body and answers the client. begun: the bytes of the body that were already read. Requires: `begun`
    // stays valid until the coroutine ends.
    net::Task<void> receive(std::string_view begun);

    static constexpr std::size_t kSmall = std::size_t{64} << 10;
    // The block size for a client that fills blocks of kSmall bytes at once: fewer and larger writes to the disk.
    static constexpr std::size_t kLarge = std::size_t{512} << 10;
    static constexpr int kMaxLarge = 16;  // the most blocks of kLarge bytes that a loop uses at once

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

    // Each of these coroutines returns false if the exchange has ended.
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
    // Shared with the thread of the app that handles a message.
    const std::shared_ptr<base::UploadConversation> conversation_;
    const std::shared_ptr<BodyTarget> target_;

    std::string_view begun_;
    BodyBlock filling_;
    BodyBlock spare_;
    bool fast_ = false;  // true if the client has filled a whole block in one read
    End end_ = End::none;

    std::shared_ptr<BodyJob> job_;  // the job that runs now, or null
    std::size_t job_capacity_ = 0;  // capacity of the block that job_ writes
    net::Moment job_deadline_ = net::kNever;
    std::int64_t taken_;    // size that the file has when all received bytes are written
    std::int64_t written_;  // size that the file has when all jobs that were begun are done
    std::int64_t kept_;     // size of the file that the app knows from reports
    base::Steady::time_point reported_at_;
    bool recalled_ = false;  // true if the client continues the upload on another connection
    std::unique_ptr<base::BodyRecalls::Seat> seat_;
};

}  // namespace bodega::edge
