#include "edge/files/file_body.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "base/log.h"
#include "edge/files/page_cache.h"

namespace bodega::edge {
namespace {

constexpr std::uint64_t kStep = 2 << 20;  // bytes looked up, warmed and sent at a time
constexpr int kStepsATurn = 4;            // a client that takes all we have would keep the loop to itself

ssize_t read_at(int file, std::span<char> out, off_t offset) noexcept {
    ssize_t n = 0;
    do {
        n = ::pread(file, out.data(), out.size(), offset);
    } while (n < 0 && errno == EINTR);
    return n;
}

// Brings a part of the file into the page cache, and asks for the part after it.
class WarmJob final : public FileJob {
public:
    WarmJob(std::shared_ptr<const Blob> blob, off_t offset, std::uint64_t count) noexcept
        : blob_(std::move(blob)), offset_(offset), count_(count) {}

    bool ok() const noexcept { return ok_; }

private:
    void run() noexcept override {
        int file = blob_->file.fd.get();
        auto end = offset_ + static_cast<off_t>(count_);
        ::posix_fadvise(file, offset_, static_cast<off_t>(count_ + kStep), POSIX_FADV_WILLNEED);
        // Reading, unlike readahead(2), returns once the bytes are there.
        std::array<char, 64 << 10> scratch;
        for (off_t at = offset_; at < end;) {
            auto want = static_cast<std::size_t>(std::min<off_t>(end - at, scratch.size()));
            ssize_t n = read_at(file, std::span(scratch).first(want), at);
            if (n <= 0) return;
            at += n;
        }
        ok_ = true;
    }

    std::shared_ptr<const Blob> blob_;
    off_t offset_;
    std::uint64_t count_;
    bool ok_ = false;
};

class ReadJob final : public FileJob {
public:
    ReadJob(std::shared_ptr<const Blob> blob, off_t offset, std::size_t count)
        : blob_(std::move(blob)), offset_(offset), bytes_(count, '\0') {}

    // Empty: it failed, or the file ends here.
    std::string& bytes() noexcept { return bytes_; }

private:
    void run() noexcept override {
        ssize_t n = read_at(blob_->file.fd.get(), bytes_, offset_);
        // Another node replaced what the handle stood for; the blob itself never changes.
        if (n < 0 && errno == ESTALE) {
            OpenFile again = blob_->folder->open(blob_->path, BlobFolder::Waiting::yes);
            n = again.status == OpenFile::Status::ready ? read_at(again.fd.get(), bytes_, offset_) : -1;
        }
        bytes_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    }

    std::shared_ptr<const Blob> blob_;
    off_t offset_;
    std::string bytes_;
};

}  // namespace

Moment FileBody::patience() const noexcept {
    return worker_.loop.now() + worker_.options.settings.send_timeout.count();
}

Task<bool> FileBody::send(Exchange& x, http::ByteRange range) {
    x.release_head();
    if (blob_->content) {
        std::string_view content = *blob_->content;
        return send_content(x, content.substr(range.first, range.length()));
    }
    return send_file(x, range);
}

Task<bool> FileBody::send_content(Exchange& x, std::string_view rest) {
    while (x.write(rest) == Exchange::Write::blocked) {
        Wake wake = co_await x.waiter().wait(x.deadline());
        if (wake != Wake::event) co_return false;
    }
    co_return !x.gone();
}

Task<bool> FileBody::send_file(Exchange& x, http::ByteRange range) {
    offset_ = static_cast<off_t>(range.first);
    left_ = range.length();
    if (left_ <= Blocks::kSize) take_cached();
    int steps = 0;
    while (left_ > 0 || !held_.empty()) {
        Next next = held_.empty() ? send_cached(x) : send_held(x);
        if (next == Next::failed) co_return false;
        steps = next == Next::sent ? steps + 1 : 0;
        if (steps == kStepsATurn) {
            co_await x.waiter().next_turn();
            steps = 0;
        }
        if (next == Next::wait_for_client) {
            Wake wake = co_await x.waiter().wait(x.deadline());
            if (wake != Wake::event) co_return false;
        } else if (next == Next::cold) {
            bool ok = co_await warm_up(x);
            if (!ok) co_return false;
        }
    }
    co_return true;
}

// A small rest that the page cache has is held here, to leave in one call with the head.
void FileBody::take_cached() {
    if (!can_tell_) return;
    held_.resize(static_cast<std::size_t>(left_));
    ssize_t n = read_cached(blob_->file.fd.get(), held_, offset_);
    if (n < 0 && errno == EOPNOTSUPP) can_tell_ = false;
    hold(n);
}

void FileBody::hold(ssize_t count) {
    held_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    held_sent_ = 0;
    offset_ += static_cast<off_t>(held_.size());
    left_ -= held_.size();
}

FileBody::Next FileBody::send_held(Exchange& x) {
    std::string_view rest = std::string_view(held_).substr(held_sent_);
    Exchange::Write status = x.write(rest);
    held_sent_ = held_.size() - rest.size();
    if (status == Exchange::Write::gone) return Next::failed;
    if (status == Exchange::Write::blocked) return Next::wait_for_client;
    held_.clear();
    held_sent_ = 0;
    return Next::sent;
}

FileBody::Next FileBody::send_cached(Exchange& x) {
    std::uint64_t count = std::min(left_, kStep);
    if (offset_ >= cached_to_) {
        if (!can_tell_) return Next::cold;
        Cached cached = is_cached(blob_->file.fd.get(), offset_, count);
        if (cached == Cached::unknown) can_tell_ = false;
        if (cached != Cached::yes) return Next::cold;
        cached_to_ = offset_ + static_cast<off_t>(count);
    }
    std::uint64_t some = std::min(left_, static_cast<std::uint64_t>(cached_to_ - offset_));
    std::uint64_t before = some;
    Exchange::Write status = x.write_file(blob_->file.fd.get(), offset_, some);
    left_ -= before - some;
    if (status == Exchange::Write::gone) return Next::failed;
    return status == Exchange::Write::blocked ? Next::wait_for_client : Next::sent;
}

// The cache has not got what comes next. One reading by the pool; if even that did not help, or nobody can tell,
// the pool reads into a buffer of ours.
Task<bool> FileBody::warm_up(Exchange& x) {
    worker_.counters.cold_reads.add();
    if (can_tell_ && offset_ >= warmed_to_) {
        std::uint64_t count = std::min(left_, kStep);
        auto job = std::make_shared<WarmJob>(blob_, offset_, count);
        warmed_to_ = offset_ + static_cast<off_t>(count);
        bool done = co_await worker_.files->run(job, x.waiter(), patience());
        co_return done && job->ok();
    }
    auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(left_, static_cast<std::uint64_t>(worker_.options.settings.buffer)));
    auto job = std::make_shared<ReadJob>(blob_, offset_, count);
    bool done = co_await worker_.files->run(job, x.waiter(), patience());
    if (!done || job->bytes().empty()) co_return false;
    held_ = std::move(job->bytes());
    hold(static_cast<ssize_t>(held_.size()));
    co_return true;
}

}  // namespace bodega::edge
