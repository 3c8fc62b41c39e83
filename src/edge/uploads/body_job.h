// Writes one block of a body to its file, on a thread of the file pool.
#pragma once

#include <memory>
#include <optional>

#include "base/error.h"
#include "base/upload_session.h"
#include "edge/uploads/body_block.h"
#include "net/file_pool.h"

namespace bodega::edge {

// The file of one upload session. Shared by the coroutine that receives the body and by the running job. The job may
// outlive the coroutine if the disk hangs.
class BodyTarget {
public:
    explicit BodyTarget(std::shared_ptr<base::UploadSession> session) : session_(std::move(session)) {}

    base::UploadSession& session() const noexcept { return *session_; }
    const base::BodyOrder& order() const noexcept { return session_->order(); }
    // Returns the sink of the file. The first call creates it, and throws what UploadSession::open throws.
    base::BodySink& sink() {
        if (!sink_) sink_ = session_->open();
        return *sink_;
    }
    // Calls BodySink::settle(). Returns true without a sink, since nothing was written then.
    bool settle() noexcept { return !sink_ || sink_->settle(); }

private:
    const std::shared_ptr<base::UploadSession> session_;  // shared with the upload conversation
    std::unique_ptr<base::BodySink> sink_;
};

class BodyJob final : public net::FileJob {
public:
    enum class Then : std::uint8_t { nothing, sync, seal };

    BodyJob(std::shared_ptr<BodyTarget> target, BodyBlock block, Then then)
        : target_(std::move(target)), block_(std::move(block)), then_(then) {}

    // --- results; call these only after done()
    Then then() const noexcept { return then_; }
    BodyBlock take_block() noexcept { return std::move(block_); }
    const std::optional<base::Error>& error() const noexcept { return error_; }
    bool settled() const noexcept { return settled_; }  // true if it is proved that no write to the file is pending
    // Sets the report's size, digest and checksum. Requires: no error, and a job with Then::sync or Then::seal.
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
