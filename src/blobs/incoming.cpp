#include "blobs/incoming.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/error.h"
#include "blobs/file_error.h"

namespace bodega::blobs {

using base::Code;

Incoming::Incoming(FileOps& files, Handle fd, std::int64_t size) noexcept
    : files_(&files), fd_(std::move(fd)), size_(size), started_(size) {}

void Incoming::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        std::span<const std::uint8_t> piece = next_piece(bytes);
        ssize_t n = files_->write_at(fd_.get(), piece.data(), piece.size(), size_);
        if (n < 0 && errno == EINVAL && direct_) {
            can_direct_ = false;  // the file system's blocks are larger than kAlignment
            continue;
        }
        if (n < 0) throw file_error("write the file", fd_.get(), errno);
        if (n == 0) throw base::Error(Code::io, "could not write the file: the disk accepted no bytes");
        if (direct_ && started_ == size_) started_ += n;
        size_ += n;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    if (size_ - started_ >= kWindow) pace();
}

void Incoming::append_from(int file, std::int64_t bytes) {
    for (std::int64_t end = size_ + bytes; size_ < end;) {
        ssize_t n = copy_some(file, end - size_);
        if (n < 0) throw file_error("copy to the file", fd_.get(), errno);
        if (n == 0) throw base::Error(Code::io, "could not copy the file: it is shorter than expected");
        size_ += n;
        if (size_ - started_ >= kWindow) pace();
    }
}

ssize_t Incoming::copy_some(int file, std::int64_t bytes) {
    ssize_t n = files_->copy_range(file, fd_.get(), size_, static_cast<std::size_t>(std::min(bytes, kWindow)));
    bool cannot = n < 0 && (errno == ENOSYS || errno == EOPNOTSUPP || errno == EXDEV || errno == EINVAL);
    if (!cannot) return n;
    std::vector<std::uint8_t> block(static_cast<std::size_t>(std::min<std::int64_t>(bytes, kDirectSize)));
    n = files_->read_at(file, block.data(), block.size(), size_);
    return n <= 0 ? n : files_->write_at(fd_.get(), block.data(), static_cast<std::size_t>(n), size_);
}

// Returns the next bytes that can be written in one mode (direct, or through the page cache), and sets the file to that
// mode.
std::span<const std::uint8_t> Incoming::next_piece(std::span<const std::uint8_t> bytes) {
    bool aligned = reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignment == 0 &&
                   static_cast<std::size_t>(size_) % kAlignment == 0;
    bool wanted = can_direct_ && aligned && bytes.size() >= kDirectSize;
    if (wanted != direct_) {
        if (files_->set_direct(fd_.get(), wanted)) direct_ = wanted;
        else if (direct_) throw file_error("write the file", fd_.get(), errno);
        else can_direct_ = false;
    }
    return direct_ ? bytes.first(bytes.size() / kAlignment * kAlignment) : bytes;
}

void Incoming::pace() {
    files_->start_writeback(fd_.get(), started_, size_ - started_);
    std::int64_t due = size_ - kDirtyLimit;
    if (due > 0) files_->await_writeback(fd_.get(), std::max<std::int64_t>(0, due - kWindow), kWindow);
    started_ = size_;
}

void Incoming::sync() {
    if (files_->sync_data(fd_.get()) != 0) throw file_error("sync the file", fd_.get(), errno);
    started_ = size_;
}

void Incoming::truncate(std::int64_t size) {
    if (files_->truncate(fd_.get(), size) != 0) throw file_error("truncate the file", fd_.get(), errno);
    size_ = started_ = size;
}

void Incoming::seal() {
    sync();
    const std::string path = open_file_name(fd_.get());
    if (files_->close(fd_.release()) != 0) throw file_error("close the file", path, errno);
}

}  // namespace bodega::blobs
