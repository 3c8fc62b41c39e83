// One step of writing a body to its file, on a thread of the file pool.
#pragma once

#include <memory>
#include <optional>

#include "base/error.h"
#include "base/upload_session.h"
#include "edge/uploads/body_block.h"
#include "net/file_pool.h"

namespace bodega::edge {

// The file of one session. Owners: the coroutine that receives the body, and the one job that works on it, which may
// outlive that coroutine if the disk hangs.
class BodyTarget {
public:
    explicit BodyTarget(std::shared_ptr<base::UploadSession> session) : session_(std::move(session)) {}

    base::UploadSession& session() const noexcept { return *session_; }
    const base::BodyOrder& order() const noexcept { return session_->order(); }
    // Created at first use. Throws what UploadSession::open throws.
    base::BodySink& sink() {
        if (!sink_) sink_ = session_->open();
        return *sink_;
    }
    // Calls BodySink::settle(); without a sink nothing was touched.
    bool settle() noexcept { return !sink_ || sink_->settle(); }

private:
    const std::shared_ptr<base::UploadSession> session_;  // shared with the conversation
    std::unique_ptr<base::BodySink> sink_;
};

class BodyJob final : public net::FileJob {
public:
    enum class Then : std::uint8_t { nothing, sync, seal };

    BodyJob(std::shared_ptr<BodyTarget> target, BodyBlock block, Then then)
        : target_(std::move(target)), block_(std::move(block)), then_(then) {}

    // --- after done()
    Then then() const noexcept { return then_; }
    BodyBlock take_block() noexcept { return std::move(block_); }
    const std::optional<base::Error>& error() const noexcept { return error_; }
    bool settled() const noexcept { return settled_; }  // proved: no write to the file is in progress any more
    // Puts the file's size and digest into a report. Requires: no error, and the job synced or sealed.
    void describe(base::BodyReport& report) const;

private:
    void run() noexcept override;
    void work();

    const std::shared_ptr<BodyTarget> target_;
    BodyBlock block_;
    const Then then_;
    base::BodyReport described_;
    std::optional<base::Error> error_;
    bool settled_ = false;
};

}  // namespace bodega::edge
