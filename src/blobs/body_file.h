// Writes a body to the file of its order, and hashes it. The app and the edge both use this class for every body that
// they write.
#pragma once

#include <functional>
#include <optional>

#include "base/upload_session.h"
#include "blobs/checksum.h"
#include "blobs/digest.h"
#include "blobs/incoming.h"

namespace bodega::blobs {

class Store;

// The first call that needs the file creates or opens it. That call throws Error{gone} if the bytes before the offset
// are missing. Any call throws Error{unavailable} if its file system call timed out; that file system call may still
// take effect later.
class BodyFile final : public base::BodySink {
public:
    // `store` must outlive the BodyFile. Touches no file. Throws Error{internal} for an order whose digest does not
    // match its offset, {invalid} for an unknown checksum.
    BodyFile(const Store& store, const base::BodyOrder& order);

    void write(std::span<const std::uint8_t> bytes) override;
    std::int64_t size() const noexcept override { return file_ ? file_->size() : order_.offset; }
    void sync() override;
    void seal() override;
    bool settle() noexcept override;
    void describe(base::BodyReport& report) const override;

private:
    // What may not have reached the disk yet.
    enum class Pending : std::uint8_t {
        nothing,
        bytes,    // written bytes; no call is pending, so a sync proves that they are on the disk
        unknown,  // a call timed out and may still write, so no sync proves anything
    };

    void act(const std::function<void()>& call);
    Incoming open() const;
    Incoming& file();

    const Store& store_;
    const base::BodyOrder order_;
    Digest digest_;
    std::optional<Checksum> checksum_;
    base::Bytes checksum_value_;
    std::optional<Incoming> file_;
    Pending pending_ = Pending::nothing;
};

// Restores the digest from the state that the report holds. Throws Error{internal} if this state is for another number
// of bytes than the report's size.
Digest digest_of(const base::BodyReport& report);

}  // namespace bodega::blobs
