// A file that exists only when it is complete. It is written under another name, ended with the SHA-256 of everything
// before, synced, and then renamed. A reader finds a torn or changed file before it uses any byte.
//
// Used by one thread at a time; the FileOps must outlive the writer and the reader. Errors: Error{no_space}, Error{io}.
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
    // Only the owner may read the file. Overwrites the remains of an earlier attempt.
    SealedFileWriter(FileOps& files, std::string path);
    ~SealedFileWriter();  // removes an uncommitted file
    SealedFileWriter(const SealedFileWriter&) = delete;
    SealedFileWriter& operator=(const SealedFileWriter&) = delete;

    void write(std::string_view bytes);

    // Completes the file, which keeps its draft name until commit(). A SealedFile can already read it from
    // draft_path().
    void seal();
    const std::string& draft_path() const noexcept { return draft_; }

    // Renames the file to its final name. Requires: seal().
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
    // Reads the whole file once to verify it. Throws Error{checksum_mismatch} if it is torn or changed,
    // Error{not_found} if it is missing.
    SealedFile(FileOps& files, std::string path);

    // Returns exactly the next `size` bytes. Throws Error{checksum_mismatch} if fewer bytes are left.
    std::string read(std::size_t size);
    bool at_end() const noexcept { return next_ - kept_.size() + at_ >= end_; }
    // Returns to the first byte.
    void rewind() noexcept;

    const Sha256& digest() const noexcept { return digest_; }

private:
    void check();
    void fill();

    FileOps& files_;
    const std::string path_;
    base::Fd fd_;
    Sha256 digest_{};
    std::uint64_t end_ = 0;   // size of the content in bytes
    std::uint64_t next_ = 0;  // where the next read from the disk begins
    std::string kept_;        // bytes that were read ahead; read() has returned the first at_ of them
    std::size_t at_ = 0;
};

}  // namespace bodega::blobs
