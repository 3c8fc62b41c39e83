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

// The most bytes of one step. A step checks the page cache, reads into it, or sends.
constexpr std::uint64_t kStep = 2 << 20;
// The number of steps after which other connections get a turn. A client that reads as fast as the server sends would
// otherwise monopolise the loop.
constexpr int kStepsATurn = 4;

ssize_t read_at(int file, std::span<char> out, off_t offset) noexcept {
    ssize_t n = 0;
    do {
        n = ::pread(file, out.data(), out.size(), offset);
    } while (n < 0 && errno == EINTR);
    return n;
}

// Reads a part of the file into the page cache. Also starts readahead for the part after it.
class WarmJob final : public net::FileJob {
public:
    WarmJob(std::shared_ptr<const Blob> blob, off_t offset, std::uint64_t count) noexcept
        : blob_(std::move(blob)), offset_(offset), count_(count) {}

    bool ok() const noexcept { return ok_; }

private:
    void run() noexcept override {
        int file = blob_->file.fd.get();
        auto end = offset_ + static_cast<off_t>(count_);
        ::posix_fadvise(file, offset_, static_cast<off_t>(count_ + kStep), POSIX_FADV_WILLNEED);
        // Reads the bytes and drops them: read(2) returns when they are in the page cache. readahead(2) does not wait
        // for that.
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

class ReadJob final : public net::FileJob {
public:
    ReadJob(std::shared_ptr<const Blob> blob, off_t offset, std::size_t count)
        : blob_(std::move(blob)), offset_(offset), bytes_(count, '\0') {}

    // The bytes that were read. Empty if the read failed or the file has ended.
    std::string& bytes() noexcept { return bytes_; }

private:
    void run() noexcept override {
        ssize_t n = read_at(blob_->file.fd.get(), bytes_, offset_);
        // ESTALE: another node has replaced the file behind the NFS handle. A blob never changes, so opening it again
        // gives the same bytes.
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

net::Moment FileBody::job_deadline() const noexcept {
    return context_.loop.now() + context_.options.settings.send_timeout.count();
}

net::Task<bool> FileBody::send(Exchange& x, http::ByteRange range) {
    x.release_head();
    if (blob_->content) {
        std::string_view content = *blob_->content;
        return send_content(x, content.substr(range.first, range.length()));
    }
    return send_file(x, range);
}

net::Task<bool> FileBody::send_content(Exchange& x, std::string_view rest) {
    while (x.write(rest) == Exchange::Write::blocked) {
        net::Wake wake = co_await x.wakeup().wait(x.deadline());
        if (wake != net::Wake::event) co_return false;
    }
    co_return !x.gone();
}

net::Task<bool> FileBody::send_file(Exchange& x, http::ByteRange range) {
    offset_ = static_cast<off_t>(range.first);
    left_ = range.length();
    if (left_ <= net::BufferPool::kSize) take_cached();
    int steps = 0;
    while (left_ > 0 || !held_.empty()) {
        Next next = held_.empty() ? send_cached(x) : send_held(x);
        if (next == Next::failed) co_return false;
        steps = next == Next::sent ? steps + 1 : 0;
        if (steps == kStepsATurn) {
            co_await x.wakeup().next_turn();
            steps = 0;
        }
        if (next == Next::wait_for_client) {
            net::Wake wake = co_await x.wakeup().wait(x.deadline());
            if (wake != net::Wake::event) co_return false;
        } else if (next == Next::cold) {
            bool ok = co_await warm_up(x);
            if (!ok) co_return false;
        }
    }
    co_return true;
}

// Reads a small range if the page cache has it, so that one system call sends it together with the head.
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

// Called if the page cache lacks the next bytes. A thread of the pool reads them into the page cache, once. If the page
// cache then still lacks them, or if the file system can't tell, the thread reads them into held_ instead.
net::Task<bool> FileBody::warm_up(Exchange& x) {
    context_.counters.cold_reads.add();
    if (can_tell_ && offset_ >= warmed_to_) {
        std::uint64_t count = std::min(left_, kStep);
        auto job = std::make_shared<WarmJob>(blob_, offset_, count);
        warmed_to_ = offset_ + static_cast<off_t>(count);
        bool done = co_await context_.files->run(job, x.wakeup(), job_deadline());
        co_return done && job->ok();
    }
    auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(left_, static_cast<std::uint64_t>(context_.options.settings.buffer)));
    auto job = std::make_shared<ReadJob>(blob_, offset_, count);
    bool done = co_await context_.files->run(job, x.wakeup(), job_deadline());
    if (!done || job->bytes().empty()) co_return false;
    held_ = std::move(job->bytes());
    hold(static_cast<ssize_t>(held_.size()));
    co_return true;
}

}  // namespace bodega::edge
