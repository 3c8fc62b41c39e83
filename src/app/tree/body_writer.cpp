#include "app/tree/body_writer.h"

#include <atomic>
#include <exception>
#include <optional>

#include "base/error.h"

namespace bodega::app {
namespace {

using Stage = base::BodyReport::Stage;
using Due = base::BodyOrder::Due;

class Writer {
public:
    Writer(base::UploadSession& session, const std::function<void()>& interrupt)
        : session_(session),
          order_(session.order()),
          file_(session.open()),
          kept_(order_.offset),
          reported_at_(base::Steady::now()),
          seat_(session.register_writer([this, interrupt] {
              recalled_ = true;
              if (interrupt) interrupt();
          })) {}

    // Writes the bytes of `source` until it ends, or until the body exceeds the order's maximum. The report counts only
    // bytes that are synced.
    base::BodyReport receive(const Source& source) {
        Block block;
        for (auto bytes = pull(block, source); !bytes.empty(); bytes = pull(block, source)) {
            if (file_->size() + static_cast<std::int64_t>(bytes.size()) > order_.max) return ended(Stage::excess);
            write(bytes);
            if (recalled_) return ended(Stage::broken);
        }
        if (broken_) return ended(Stage::broken);
        file_->seal();
        return synced(Stage::complete);
    }

    // Waits until no write to the file is pending, so that another writer may continue the file. Returns false if a
    // write may still be pending.
    bool settle() noexcept { return file_->settle(); }

    // Throws the error of `source`, or Error{locked} if the writer was recalled.
    void rethrow() const {
        if (recalled_) throw base::Error(base::Code::locked, "Another request of yours continues this upload.");
        if (broken_) std::rethrow_exception(broken_);
    }

private:
    std::span<const std::uint8_t> pull(Block& block, const Source& source) {
        try {
            return block.fill(source);
        } catch (const base::Error&) {
            broken_ = std::current_exception();
            return {};
        }
    }

    void write(std::span<const std::uint8_t> bytes) {
        // If the last report is older than order_.lease, another writer may have acquired the lease. So this writer
        // calls progress() before it writes; progress() throws if the lease was lost.
        if (order_.lease > 0 && age() >= std::chrono::milliseconds(order_.lease)) progress(report(Stage::alive));
        file_->write(bytes);
        Due due = order_.due(file_->size(), kept_, age());
        if (due == Due::renewal) progress(report(Stage::alive));
        if (due != Due::acknowledgement) return;
        file_->sync();
        kept_ = file_->size();
        progress(synced(Stage::kept));
    }

    base::BodyReport ended(Stage stage) {
        if (!order_.keeps_parts()) {
            base::BodyReport out = base::BodyReport::to(order_, stage);
            out.settled = settle();
            return out;
        }
        file_->sync();
        return synced(stage);
    }

    base::BodyReport report(Stage stage) const {
        base::BodyReport out = base::BodyReport::to(order_, stage);
        file_->describe(out);
        return out;
    }

    base::BodyReport synced(Stage stage) const {
        base::BodyReport out = report(stage);
        out.settled = true;
        return out;
    }

    void progress(const base::BodyReport& out) {
        base::Steady::time_point before = base::Steady::now();
        session_.progress(out);
        reported_at_ = before;
    }

    std::chrono::milliseconds age() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(base::Steady::now() - reported_at_);
    }

    base::UploadSession& session_;
    const base::BodyOrder& order_;
    const std::unique_ptr<base::BodySink> file_;
    std::int64_t kept_;
    base::Steady::time_point reported_at_;
    std::exception_ptr broken_;
    std::atomic<bool> recalled_ = false;
    // The last member, so that it is destroyed first. After that no recall can use the other members.
    const std::unique_ptr<base::BodyRecalls::Seat> seat_;
};

}  // namespace

base::BodyReport write_body(base::UploadSession& session, const Source& source,
                            const std::function<void()>& interrupt) {
    std::optional<Writer> writer;
    base::BodyReport report;
    try {
        writer.emplace(session, interrupt);
        report = writer->receive(source);
    } catch (const base::Error& error) {
        bool settled = !writer || writer->settle();
        writer.reset();
        session.abort(base::BodyReport::failure(session.order(), error, settled));
        throw;
    }
    if (report.stage == Stage::complete) return report;
    session.abort(report);
    writer->rethrow();
    throw base::Error(base::Code::too_large, "These are more bytes than were announced.");
}

}  // namespace bodega::app
