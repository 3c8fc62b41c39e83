#include "blobs/sealed_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::blobs {
namespace {

using base::Code;

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kDigest = sizeof(Sha256);
constexpr mode_t kMode = 0600;

Incoming create(FileOps& files, const std::string& path) {
    Handle fd(files, files.open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, kMode));
    if (!fd) throw base::system_error("make the file " + path, errno, Code::io);
    return {files, std::move(fd), 0};
}

[[noreturn]] void refuse(const std::string& path) {
    throw base::Error(Code::checksum_mismatch, path + " is torn or was changed: its SHA-256 is not the one at its end");
}

}  // namespace

SealedFileWriter::SealedFileWriter(FileOps& files, std::string path)
    : files_(files), path_(std::move(path)), draft_(path_ + ".part"), file_(create(files, draft_)) {}

SealedFileWriter::~SealedFileWriter() {
    if (!committed_) files_.unlink(draft_.c_str());
}

void SealedFileWriter::write(std::string_view bytes) {
    digest_.update(base::as_bytes(bytes));
    buffer_ += bytes;
    if (buffer_.size() >= kBlock) flush();
}

void SealedFileWriter::flush() {
    file_.write(base::as_bytes(buffer_));
    buffer_.clear();
}

void SealedFileWriter::seal() {
    flush();
    file_.write(digest_.value());
    file_.seal();
}

void SealedFileWriter::commit() {
    if (files_.rename(draft_.c_str(), path_.c_str()) != 0) {
        throw base::system_error("rename the file " + path_, errno, Code::io);
    }
    committed_ = true;
    const std::string folder = path_.substr(0, path_.rfind('/'));
    const base::Fd fd(files_.open(folder.c_str(), O_RDONLY | O_DIRECTORY, 0));
    if (!fd || files_.sync_folder(fd.get()) != 0) {
        throw base::system_error("sync the folder " + folder, errno, Code::io);
    }
}

SealedFile::SealedFile(FileOps& files, std::string path)
    : files_(files), path_(std::move(path)), fd_(files.open(path_.c_str(), O_RDONLY, 0)) {
    if (!fd_) {
        if (errno == ENOENT) throw base::Error(Code::not_found, path_ + " does not exist");
        throw base::system_error("open " + path_, errno, Code::io);
    }
    check();
}

void SealedFile::check() {
    struct stat found {};
    if (files_.status_of(fd_.get(), found) != 0)
        throw base::system_error("read the status of " + path_, errno, Code::io);
    const auto size = static_cast<std::uint64_t>(found.st_size);
    if (size < kDigest) refuse(path_);
    end_ = size - kDigest;
    Digest digest;
    while (!at_end()) {
        fill();
        digest.update(base::as_bytes(kept_));
        at_ = kept_.size();
    }
    end_ = size;
    const std::string stored = read(kDigest);
    end_ = size - kDigest;
    digest_ = digest.value();
    if (!std::equal(digest_.begin(), digest_.end(), base::as_bytes(stored).begin())) refuse(path_);
    rewind();
}

void SealedFile::rewind() noexcept {
    kept_.clear();
    next_ = 0;
    at_ = 0;
}

// Removes from kept_ the bytes that read() has returned already, and appends the next bytes from the disk.
void SealedFile::fill() {
    kept_.erase(0, at_);
    at_ = 0;
    const std::size_t before = kept_.size();
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, end_ - next_));
    kept_.resize(before + wanted);
    const ssize_t got = files_.read_at(fd_.get(), kept_.data() + before, wanted, static_cast<off_t>(next_));
    if (got < 0) throw base::system_error("read " + path_, errno, Code::io);
    if (got == 0) refuse(path_);
    kept_.resize(before + static_cast<std::size_t>(got));
    next_ += static_cast<std::uint64_t>(got);
}

std::string SealedFile::read(std::size_t size) {
    if (size > end_ - (next_ - kept_.size() + at_)) refuse(path_);
    while (kept_.size() - at_ < size) fill();
    std::string out = kept_.substr(at_, size);
    at_ += size;
    return out;
}

}  // namespace bodega::blobs
