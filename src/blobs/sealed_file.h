// A file that is whole or is not there: written under another name, ended with the SHA-256 of all before it, synced,
// then named. What was torn or changed afterwards is found out before a byte of it is believed.
//
// One thread at a time; the FileOps must outlive both. Errors: Error{no_space}, Error{io}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "blobs/digest.h"
#include "blobs/file_ops.h"
#include "blobs/incoming.h"

namespace bodega::blobs {

class SealedFileWriter {
public:
    // Nobody but the owner reads it. What an earlier attempt left is overwritten.
    SealedFileWriter(FileOps& files, std::string path);
    ~SealedFileWriter();  // removes what was not committed
    SealedFileWriter(const SealedFileWriter&) = delete;
    SealedFileWriter& operator=(const SealedFileWriter&) = delete;

    void write(std::string_view bytes);

    // Ends it, under its other name still: a SealedFile reads it from draft_path() until then.
    void seal();
    const std::string& draft_path() const noexcept { return draft_; }

    // Gives it its name. Requires: seal().
    void commit();

private:
    void flush();

    FileOps& files_;
    const std::string path_, draft_;
    Incoming file_;
    Digest digest_;
    std::string buffer_;
    bool committed_ = false;
};

class SealedFile {
public:
    // Reads all of it once. Throws Error{checksum_mismatch} if it is torn or changed, Error{not_found} if it is not
    // there.
    SealedFile(FileOps& files, std::string path);

    // The next bytes, exactly so many. Throws Error{checksum_mismatch} beyond the end.
    std::string read(std::size_t size);
    bool at_end() const noexcept { return next_ - kept_.size() + at_ >= end_; }
    // Back to the first byte.
    void rewind() noexcept;

    const Sha256& digest() const noexcept { return digest_; }

private:
    void check();
    void fill();

    FileOps& files_;
    const std::string path_;
    base::Fd fd_;
    Sha256 digest_{};
    std::uint64_t end_ = 0;   // of the content
    std::uint64_t next_ = 0;  // where the next read from the disk begins
    std::string kept_;        // read, of which at_ bytes were given out
    std::size_t at_ = 0;
};

}  // namespace bodega::blobs
