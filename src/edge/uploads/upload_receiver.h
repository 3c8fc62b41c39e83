// Receives one request's body into the file that the app ordered, and reports to the app how far it got.
//
// The loop's thread reads into one block while a thread of the file pool hashes and writes the one before. The app
// hears of what is on the disk as often as its order says, and at the end; its answer to the last report is the
// client's. What ends otherwise is reported too, whether or not the client is still there: what was kept stays
// resumable. A report that did not get through is sent once more, as long as the lease on the file may last.
// Belongs to its loop's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/body_order.h"
#include "base/body_recalls.h"
#include "base/body_sink.h"
#include "base/clock.h"
#include "edge/uploads/body_job.h"
#include "edge/exchange/exchange.h"
#include "edge/proxy/proxy.h"
#include "net/task.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class BodyReceiver final : private SignalTarget {
public:
    // All outlive it, the rule (null: none) too.
    BodyReceiver(Worker& worker, Proxy& app, const Rule* rule, Exchange& x, base::BodyOrder order,
                 const base::OpenBodySink& open);
    ~BodyReceiver();
    BodyReceiver(const BodyReceiver&) = delete;

    // To the end of the exchange. begun: bytes that were taken from it already; they outlive it.
    Task<void> receive(std::string_view begun);

    static constexpr std::size_t kSmall = std::size_t{64} << 10;
    // For a client that fills the small ones: fewer steps, and a disk takes them directly.
    static constexpr std::size_t kLarge = std::size_t{512} << 10;
    static constexpr int kMostLarge = 16;  // of a loop at once

private:
    using Stage = base::BodyReport::Stage;
    enum class End : std::uint8_t { none, whole, broken, malformed, slow, excess, going, recalled };

    void on_signal() noexcept override;

    void read();
    void read_begun(std::span<char> room);
    void took(std::size_t bytes);
    void end_by(Exchange::Body body);
    void provide_block();
    void give_back(BodyBlock block);
    void release(std::size_t capacity);

    std::optional<BodyJob::Then> next_job() const;
    bool begin_job(BodyJob::Then then);
    std::shared_ptr<BodyJob> settle_job();
    bool owes_a_word() const;

    // Each is false when the exchange is at its end.
    Task<bool> after(std::shared_ptr<BodyJob> job);
    Task<bool> go_on();
    Task<bool> on_deadline();
    Task<bool> say(Stage stage, const BodyJob* job);
    Task<bool> end_whole(const BodyJob& job);
    Task<bool> end_early(const BodyJob* job);
    Task<bool> fail(base::Error error, bool settled);
    Task<bool> tell(base::BodyReport report);
    Moment report_limit(Stage stage) const;

    Moment next_look() const;
    std::chrono::milliseconds age() const;
    Moment now() const noexcept { return worker_.loop.now(); }
    const base::BodyOrder& order() const noexcept { return target_->order(); }

    Worker& worker_;
    Proxy& app_;
    const Rule* const rule_;
    Exchange& x_;
    const std::optional<std::int64_t> length_;  // of the body, if its head tells
    const std::shared_ptr<BodyTarget> target_;

    std::string_view begun_;
    BodyBlock filling_;
    BodyBlock spare_;
    bool fast_ = false;  // the client filled a block at once
    End end_ = End::none;

    std::shared_ptr<BodyJob> job_;  // under way
    std::size_t job_capacity_ = 0;  // of its block
    Moment job_deadline_ = kNever;
    std::int64_t taken_;    // the file's size with all that was read
    std::int64_t written_;  // with what was given to jobs
    std::int64_t kept_;     // as the app knows it
    base::Steady::time_point told_;
    bool recalled_ = false;  // its client has come again on another connection
    std::optional<base::BodyRecalls::Seat> seat_;
};

}  // namespace bodega::edge
